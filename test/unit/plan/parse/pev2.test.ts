import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, PlanNode } from '../../../../src/plan/model';
import { isList, isProperties, type RawProperties, type RawValue } from '../../../../src/plan/raw';
import { readPlan, readPlans } from '../../../../src/plan/read';
import { SHARED } from '../fixtures';

/** pev2's own tests of its parser, read where they are: their licence keeps them out of this repository. */
const folder = join(SHARED, 'pev2');
const there = existsSync(folder);

function files(name: string, pattern: RegExp): string[] {
  return there ? readdirSync(join(folder, name)).filter((file) => pattern.test(file)) : [];
}

function text(...path: string[]): string {
  return readFileSync(join(folder, ...path), 'utf8');
}

/** A tree of types, relations and expressions; its times differ from run to run. */
function shape({ nodes }: Plan): unknown {
  return nodes.map(({ depth, type, relation, alias, relationship, properties }) => [
    ...[depth, type, relation, alias, relationship, properties['Filter'], properties['Rows Removed by Filter']],
    properties['Total Cost'],
  ]);
}

describe('pev2’s plans', function () {
  before(function () {
    if (!there) this.skip();
  });

  it('are there, or these tests say nothing', () => {
    assert.ok(files('from-text', /-plan$/).length >= 24);
    assert.ok(files('line-wrapped', /-plan$/).length >= 10);
    assert.ok(files('psql-frames', /\.plan$/).length >= 29);
    assert.ok(files('spec-inline', /\.plan$/).length >= 60);
  });

  for (const group of ['from-text', 'line-wrapped'])
    for (const file of files(group, /-plan$/)) {
      it(`${group}/${file}: what is expected is what is read`, () => {
        const expected = JSON.parse(text(group, file.replace(/plan$/, 'expect'))) as RawProperties;
        const plan = readPlan(text(group, file));
        const differences: string[] = [];
        compareSections(expected, plan, differences);
        const root = expected['Plan'];
        assert.ok(isProperties(root));
        compareNodes(root, plan, differences);
        assert.deepEqual(differences, []);
      });
    }

  for (const kind of ['json', 'text'])
    it(`psql-frames: every variant of ${kind} is the same tree`, () => {
      const variants = files('psql-frames', new RegExp(`^${kind}-[012].*\\.plan$`)).map((file) =>
        text('psql-frames', file),
      );
      const [first, ...others] = variants.map((variant) => shape(readPlan(variant)));
      assert.ok(others.length >= 11);
      for (const other of others) assert.deepEqual(other, first);
    });

  it('psql-frames: JSON and text are the same tree', () => {
    const [json, plain] = ['json', 'text'].map((kind) =>
      shape(readPlan(text('psql-frames', `${kind}-1-aligned-ascii-double-double-double.plan`))),
    );
    assert.deepEqual(plain, json);
  });

  for (const file of files('io-timings', /-text\.plan$/))
    it(`io-timings/${file}: the times of each scope`, () => {
      const expected = JSON.parse(text('io-timings', file.replace(/plan$/, 'expect'))) as RawProperties;
      const { properties } = readPlan(text('io-timings', file)).nodes[0]!;
      for (const [name, value] of Object.entries(expected)) {
        // What pev2 computes; it has 0 where no line says whether it was measured.
        if (name.startsWith('*') || value === 0) continue;
        assert.equal(properties[name], value, name);
      }
    });

  for (const group of ['from-text', 'line-wrapped', 'psql-frames', 'io-timings', 'spec-inline'])
    it(`${group}: all are read, and whole`, () => {
      for (const file of files(group, /plan$/)) {
        const source = text(group, file);
        const plans = readPlans(source);
        assert.equal(plans.length, 1, file);
        const arrows = source.match(/->\s+[A-Z]/g)?.length ?? 0;
        const named = source.match(/"Node Type\b/g)?.length ?? 0;
        const nodes = plans[0]!.nodes.length;
        assert.ok(
          nodes === named || nodes === arrows + 1 || file.startsWith('worker-actual-rows'),
          `${file}: ${nodes}`,
        );
      }
    });
});

/** Properties that pev2 gives other values on purpose. */
const OTHER: Readonly<Record<string, (value: RawValue, node: PlanNode) => RawValue | undefined>> = {
  // It has the text form's names of joins and aggregates.
  'Node Type': (_value, { type, kind }) => `${kind}|${type}`,
  // It keeps schema and quotes.
  'Relation Name': (value, { schema, relation }) =>
    typeof value === 'string' && value.includes('.') ? quoted(value, `${schema ?? ''}.${relation ?? ''}`) : relation,
  'Index Name': (value, { index }) => quoted(value, index ?? ''),
  // It keeps the text form's line.
  Output: (value, { properties }) =>
    typeof value === 'string' ? (properties['Output'] as string[]).join(', ') : properties['Output'],
};

function quoted(value: RawValue, name: string): RawValue {
  return typeof value === 'string' && value.replaceAll('"', '') === name ? value : name;
}

function compareNodes(root: RawProperties, plan: Plan, differences: string[]): void {
  const pending: { expected: RawProperties; id: number }[] = [{ expected: root, id: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const node = plan.nodes[next.id];
    if (node === undefined) {
      differences.push(`${next.id} is missing`);
      continue;
    }
    for (const [name, value] of Object.entries(next.expected)) {
      if (name === 'Plans' && isList(value)) {
        if (value.length !== node.children.length) differences.push(`${node.id} has ${node.children.length} children`);
        value.forEach((expected, place) => {
          if (isProperties(expected)) pending.push({ expected, id: node.children[place] ?? -1 });
        });
      } else if (name === 'Node Type') {
        const told = OTHER[name]!(value, node) as string;
        if (
          !told.split('|').includes(value as string) &&
          value !== `${node.kind} Join` &&
          node.type.replace(/^Parallel /, '') !== value
        )
          differences.push(`${node.id}: ${told}, not ${value as string}`);
      } else if (!alike(value, OTHER[name]?.(value, node) ?? node.properties[name]))
        differences.push(`${node.id} ${name}: ${JSON.stringify(node.properties[name])}, not ${JSON.stringify(value)}`);
    }
  }
}

/** Figures may be text there; a group has at least what is expected, and 0 may be left out. */
function alike(expected: RawValue, actual: RawValue | undefined): boolean {
  if (expected === 0 && actual === undefined) return true;
  if (isProperties(expected) && isProperties(actual))
    return Object.entries(expected).every(([name, value]) => alike(value, actual[name]));
  if (isList(expected) && isList(actual))
    return expected.length === actual.length && expected.every((value, place) => alike(value, actual[place]));
  if (typeof expected === 'string' && typeof actual === 'string')
    // A terminal's cut leaves the blank in doubt.
    return expected.replace(/\s+/g, '') === actual.replace(/\s+/g, '');
  return (
    JSON.stringify(expected) === JSON.stringify(actual) ||
    (typeof expected === 'string' && expected === JSON.stringify(actual))
  );
}

function compareSections(expected: RawProperties, plan: Plan, differences: string[]): void {
  const told: Readonly<Record<string, unknown>> = {
    'Planning Time': plan.planningMs,
    'Execution Time': plan.executionMs,
    'Total Runtime': plan.executionMs,
    // It rounds to 53 bits.
    'Query Identifier': Number(plan.queryId),
    Settings: plan.settings,
    Planning: plan.planningBuffers && {
      'Shared Hit Blocks': plan.planningBuffers.sharedHit,
      'Shared Read Blocks': plan.planningBuffers.sharedRead,
      'Shared Dirtied Blocks': plan.planningBuffers.sharedDirtied,
      'Shared Written Blocks': plan.planningBuffers.sharedWritten,
    },
    JIT: plan.jit && {
      Functions: plan.jit.functions,
      Timing: {
        Generation: plan.jit.generationMs,
        Inlining: plan.jit.inliningMs,
        Optimization: plan.jit.optimizationMs,
        Emission: plan.jit.emissionMs,
        Total: plan.jit.totalMs,
      },
    },
  };
  for (const [name, value] of Object.entries(expected)) {
    if (name === 'Plan') continue;
    const actual = told[name] as RawValue | undefined;
    // The model has no place for these.
    const wanted = isProperties(value) ? without(value, ['Options', 'I/O Read Time', 'I/O Write Time']) : value;
    if (!alike(wanted, actual)) differences.push(`${name}: ${JSON.stringify(actual)}, not ${JSON.stringify(value)}`);
  }
}

function without(properties: RawProperties, names: readonly string[]): RawProperties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}
