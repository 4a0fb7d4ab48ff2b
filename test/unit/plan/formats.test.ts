import assert from 'node:assert/strict';
import type { Buffers, Plan } from '../../../src/plan/model';
import { readPlans } from '../../../src/plan/read';
import { captures, logs, type Capture } from './formatFixtures';
import { modelDifferences, nodeDifferences } from './textDifferences';
import { withoutFigures } from './parse/withoutFigures';

/**
 * The same plan in four formats yields the same model. YAML and XML say all that JSON says: their models are equal to the
 * last property. The text form leaves things out; textDifferences.ts lists what, and why, and nothing else may differ.
 */
const same = captures().filter(({ repeats }) => repeats);

const TYPES = [
  ...[
    'Seq Scan',
    'Sample Scan',
    'Index Scan',
    'Index Only Scan',
    'Bitmap Heap Scan',
    'Bitmap Index Scan',
    'BitmapAnd',
    'BitmapOr',
  ],
  ...[
    'Tid Scan',
    'Tid Range Scan',
    'Values Scan',
    'Function Scan',
    'Table Function Scan',
    'CTE Scan',
    'WorkTable Scan',
  ],
  ...[
    'Subquery Scan',
    'Foreign Scan',
    'Result',
    'ProjectSet',
    'Append',
    'Merge Append',
    'Recursive Union',
    'Nested Loop',
  ],
  ...[
    'Merge Join',
    'Hash Join',
    'Hash',
    'Memoize',
    'Materialize',
    'Sort',
    'Incremental Sort',
    'Unique',
    'Group',
    'WindowAgg',
  ],
  ...['SetOp', 'LockRows', 'Limit', 'ModifyTable', 'Gather', 'Gather Merge', 'MixedAggregate', 'Partial HashAggregate'],
  ...[
    'Parallel Hash Join',
    'Parallel Append',
    'Parallel Bitmap Heap Scan',
    'Async Foreign Scan',
    'Hash Full Join',
    'Merge',
  ],
];

const PROPERTIES = [
  ...[
    'Disabled',
    'Index Searches',
    'Subplans Removed',
    'Rows Removed by Index Recheck',
    'Lossy Heap Blocks',
    'Run Condition',
  ],
  ...[
    'Full-sort Groups',
    'Pre-sorted Groups',
    'Grouping Sets',
    'Target Tables',
    'Conflict Resolution',
    'Tuples Inserted',
  ],
  ...[
    'Tuples Skipped',
    'Remote SQL',
    'Batch Size',
    'Foreign File',
    'Workers',
    'Single Copy',
    'Cache Evictions',
    'WAL FPI',
  ],
  ...[
    'I/O Read Time',
    'Shared I/O Read Time',
    'Local I/O Read Time',
    'Temp I/O Read Time',
    'HashAgg Batches',
    'Window',
  ],
];

describe('plan: four formats, one model', function () {
  // 2,800 texts are read for each.
  this.timeout(60_000);

  it('the captures are enough: at least 60 statements on each server, nearly all with the same figures in each format', () => {
    const servers = new Map<string, Capture[]>();
    for (const each of captures()) servers.set(each.server, [...(servers.get(each.server) ?? []), each]);
    assert.deepEqual([...servers.keys()], ['pg14', 'pg15', 'pg16', 'pg17', 'pg18', 'pglite']);
    for (const [server, plans] of servers) assert.ok(plans.length >= 60, `${server}: ${String(plans.length)}`);
    assert.ok(same.length > captures().length * 0.9);
  });

  it('the captures show what EXPLAIN can', () => {
    const [types, names] = [new Set<string>(), new Set<string>()];
    for (const { json } of captures())
      for (const { nodes } of readPlans(json))
        for (const { type, kind, properties } of nodes) {
          types.add(type).add(kind);
          for (const name of Object.keys(properties)) names.add(name);
        }
    assert.deepEqual(
      TYPES.filter((type) => !types.has(type)),
      [],
    );
    assert.deepEqual(
      PROPERTIES.filter((name) => !names.has(name)),
      [],
    );
  });

  for (const format of ['yaml', 'xml'] as const) {
    it(`${format} is JSON, figure by figure`, () => {
      for (const capture of same) {
        const actual = readPlans(capture[format]).map((plan) => ({ ...plan, format: 'json' }));
        assert.deepEqual([capture.id, actual], [capture.id, readPlans(capture.json)]);
      }
    });
  }

  it('text is JSON, figure by figure, as far as it tells', () => {
    const differences = same.flatMap(({ id, text, json }) => {
      const [actual, expected] = [readPlans(text), readPlans(json)];
      assert.equal(actual.length, expected.length, id);
      return expected.flatMap((plan, place) => modelDifferences(id, actual[place], plan));
    });
    assert.deepEqual(differences, []);
  });

  it('text has JSON’s properties, but those it leaves out', () => {
    const differences = same.flatMap(({ id, text, json }) => {
      const [actual, expected] = [readPlans(text), readPlans(json)];
      return expected.flatMap((plan, place) =>
        plan.nodes.flatMap((node, at) => {
          const found = actual[place]?.nodes[at];
          return found === undefined ? [`${id} ${String(at)}: missing`] : nodeDifferences(id, found, node);
        }),
      );
    });
    assert.deepEqual(differences, []);
  });

  it('in text as in JSON, blocks add up exactly, and times within their error bars', () => {
    for (const capture of captures())
      for (const format of ['json', 'text'] as const)
        for (const plan of readPlans(capture[format])) addsUp(`${capture.id} ${format}`, plan);
  });

  it('where processes raced, the formats have the same shape', () => {
    for (const { id, json, ...texts } of captures().filter(({ repeats }) => !repeats))
      for (const format of ['text', 'yaml', 'xml'] as const)
        assert.deepEqual([id, format, shapes(texts[format])], [id, format, shapes(json)]);
  });

  it('what auto_explain logs in each format is the same', () => {
    for (const { server, json, ...texts } of logs()) {
      const expected = readPlans(json);
      assert.equal(expected.length, 5, server);
      assert.ok(expected.every(({ query }) => query !== undefined));
      for (const format of ['yaml', 'xml'] as const) {
        const actual = readPlans(texts[format]).map((plan) => ({ ...plan, format: 'json' }));
        assert.deepEqual([server, format, actual], [server, format, expected]);
      }
      const actual = readPlans(texts.text);
      assert.equal(actual.length, expected.length, server);
      assert.deepEqual(
        expected.flatMap((plan, place) => modelDifferences(server, actual[place], plan)),
        [],
      );
    }
  });
});

/** A data-modifying CTE that nobody reads runs on after the root is done. */
const RUNS_ON = /modifying-cte-unread/;

function addsUp(id: string, { nodes }: Plan): void {
  const [root] = nodes;
  assert.ok(root !== undefined);
  if (RUNS_ON.test(id)) return;
  for (const field of Object.keys(root.buffers ?? {}) as (keyof Buffers)[])
    assert.equal(
      nodes.reduce((total, node) => total + (node.exclusiveBuffers?.[field] ?? 0), 0),
      root.buffers?.[field],
      `${id} ${field}`,
    );
  // The clock of these captures is no wall clock to several processes.
  if (root.inclusiveMs === undefined || nodes.some(({ kind }) => kind.startsWith('Gather'))) return;
  assert.deepEqual([id, nodes.filter(({ clamped }) => clamped)], [id, []]);
  const sum = nodes.reduce((total, node) => total + (node.exclusiveMs ?? 0), 0);
  const error = nodes.reduce((total, node) => total + (node.errorMs ?? 0), 0);
  assert.ok(
    Math.abs(sum - root.inclusiveMs) <= error,
    `${id}: ${String(sum)} for ${String(root.inclusiveMs)} ± ${String(error)}`,
  );
}

function shapes(text: string): unknown {
  return readPlans(text).map(({ nodes }) =>
    nodes.map(({ type, relation, depth }) => withoutFigures({ type, relation, depth })),
  );
}
