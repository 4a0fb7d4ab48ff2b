import assert from 'node:assert/strict';
import type { PlanNode } from '../../../src/plan/model';
import { NO_BUFFERS } from '../../../src/plan/buffers';
import { readPlan } from '../../../src/plan/read';
import { fileName } from '../../../src/webview/plan/exports';
import { computedOf, planFigures, sectionsOf } from '../../../src/webview/plan/figures';
import { estimatedRows, misestimate, scaleOf, share, worstNodes } from '../../../src/webview/plan/scale';
import { nextHit, searchPlan } from '../../../src/webview/plan/searchPlan';

const EMPTY = readPlan('[{"Plan": {"Node Type": "Seq Scan"}}]');

/** A node without any figures but the given ones. */
function node(over: Partial<PlanNode>): PlanNode {
  return { ...EMPTY.nodes[0], ...over } as PlanNode;
}

const plan = (nodes: PlanNode[]) => ({ ...EMPTY, nodes, analyzed: true });
const buffers = (sharedHit: number) => ({ ...NO_BUFFERS, sharedHit });

describe('the figures beside a plan', () => {
  const scale = scaleOf(
    plan([
      node({ id: 0, exclusiveMs: 1, exclusiveBuffers: buffers(0), estimateFactor: 40 }),
      node({ id: 1, parent: 0, exclusiveMs: 5, exclusiveBuffers: buffers(3), estimateFactor: 40 }),
      node({ id: 2, parent: 0, exclusiveMs: 2, exclusiveBuffers: buffers(90) }),
    ]),
  );

  it('name the nodes with the most time and the most buffers, and where the worst estimate began', () => {
    assert.deepEqual(scale.costliest, { time: 1, buffers: 2, estimate: 1 });
    assert.deepEqual([scale.mostMs, scale.mostBuffers], [5, 90]);
  });

  it('lead to each of the worst nodes once', () => {
    assert.deepEqual(worstNodes(scale), [
      { id: 1, why: 'most time, estimate farthest off' },
      { id: 2, why: 'most buffers' },
    ]);
  });

  it('name none where there is nothing to compare', () => {
    assert.deepEqual(worstNodes(scaleOf(plan([node({ exclusiveMs: 5 })]))), []);
    const untimed = scaleOf(plan([node({ id: 0 }), node({ id: 1, parent: 0 })]));
    assert.deepEqual(worstNodes(untimed), []);
    assert.deepEqual([untimed.hasTime, untimed.hasBuffers, untimed.hasCost], [false, false, false]);
  });

  it('speak of an estimate that is ten times off', () => {
    assert.equal(misestimate(node({ estimateFactor: 9.9, rows: 99, planRows: 10 })), undefined);
    assert.equal(misestimate(node({ estimateFactor: 24, rows: 240, planRows: 10 })), '24 × more');
    assert.equal(misestimate(node({ estimateFactor: 4200, rows: 1, planRows: 4200 })), '4,200 × fewer');
    assert.equal(
      misestimate(node({ estimateFactor: 50, estimateIsBound: true, rows: 0, planRows: 50 })),
      '≥ 50 × fewer',
    );
    assert.equal(misestimate(node({ rows: 240, planRows: 10 })), undefined);
  });

  it('compare the estimate with the rows of all loops', () => {
    assert.equal(estimatedRows(node({ planRows: 10, loops: 3 })), 30);
    assert.equal(estimatedRows(node({ planRows: 10, loops: 0 })), 10);
    assert.equal(estimatedRows(node({})), undefined);
  });

  it('say shares that matter', () => {
    assert.deepEqual(
      [share(5, 10), share(0.3, 100), share(0.01, 100), share(undefined, 1), share(1, 0), share(11, 10)],
      ['50 %', '0.3 %', '', '', '', '100 %'],
    );
  });

  it('leave out settings that nobody changed', () => {
    const names = planFigures({ ...EMPTY, settings: { work_mem: '64kB', jit: 'off' } }, ['jit']).map(
      ({ name }) => name,
    );
    assert.deepEqual(names, ['work_mem']);
  });
});

describe('how a figure was computed', () => {
  const printed = (ms: number) => ({ 'Actual Total Time': ms });

  it('is the printed time, times loops, through the processes', () => {
    const of = node({ inclusiveMs: 42, exclusiveMs: 42, loops: 12, processes: 4, properties: printed(14) });
    assert.deepEqual(computedOf(of), ['Total: 42 ms = 14 ms × 12 loops ÷ 4 processes']);
  });

  it('takes off what is below', () => {
    const of = node({ inclusiveMs: 42, exclusiveMs: 12, loops: 1, properties: printed(42) });
    assert.deepEqual(computedOf(of), ['Own: 12 ms = 42 ms − 30 ms below it']);
  });

  it('says nothing that does not hold', () => {
    const of = node({ inclusiveMs: 30, exclusiveMs: 30, loops: 2, properties: printed(14) });
    assert.deepEqual(computedOf(of), []);
    assert.deepEqual(computedOf(node({ neverExecuted: true, inclusiveMs: 0, exclusiveMs: 0 })), []);
  });
});

describe('the sections of a node', () => {
  it('hold its conditions, and not what did not happen', () => {
    const { nodes } = readPlan(
      JSON.stringify([
        {
          Plan: {
            'Node Type': 'Seq Scan',
            Filter: '(a = 1)',
            'Rows Removed by Filter': 399988,
            Disabled: false,
            'I/O Read Time': 0,
            Output: ['a', 'b'],
            'Plan Rows': 5,
          },
        },
      ]),
    );
    const [first] = nodes;
    assert.ok(first);
    assert.deepEqual(
      sectionsOf(first, EMPTY).map(({ name, figures }) => [
        name,
        ...figures.map((figure) => [figure.name, figure.value]),
      ]),
      [
        [undefined, ['Rows estimated', '5']],
        ['Conditions', ['Filter', '(a = 1)'], ['Rows Removed by Filter', '399,988']],
        ['Output', ['', 'a, b']],
      ],
    );
  });
});

describe('searching a plan', () => {
  const { nodes, ...rest } = readPlan(
    JSON.stringify([
      {
        Plan: {
          'Node Type': 'Nested Loop',
          Plans: [
            { 'Node Type': 'Seq Scan', 'Relation Name': 'orders', Filter: '(total > 100)' },
            { 'Node Type': 'Index Scan', 'Relation Name': 'customers', 'Index Name': 'customers_pkey' },
          ],
        },
      },
    ]),
  );
  const searched = { ...rest, nodes };

  it('finds nodes that hold every word, in whatever case', () => {
    assert.deepEqual(searchPlan(searched, 'SCAN'), [1, 2]);
    assert.deepEqual(searchPlan(searched, 'scan  total'), [1]);
    assert.deepEqual(searchPlan(searched, 'customers_pkey'), [2]);
    assert.deepEqual(searchPlan(searched, 'constructor('), []);
    assert.equal(searchPlan(searched, '  '), undefined);
  });

  it('goes on around the end', () => {
    assert.deepEqual([nextHit([1, 4], 1, false), nextHit([1, 4], 4, false), nextHit([1, 4], 0, true)], [4, 1, 4]);
    assert.equal(nextHit([], 0, false), undefined);
  });
});

describe('the name of an exported file', () => {
  it('is the title, without what a file must not hold', () => {
    assert.equal(fileName('orders.json'), 'orders');
    assert.equal(fileName('../../etc/passwd: plan 2 of 4'), 'etc-passwd-plan-2-of-4');
    assert.equal(fileName('//'), 'plan');
  });
});
