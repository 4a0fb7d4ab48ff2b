import assert from 'node:assert/strict';
import { comparePlans } from '../../../../src/plan/compare';
import { pathsOf, planJson, planLine, type PlanLine } from '../../../../src/plan/export/json';
import { findingsOf } from '../../../../src/plan/findings';
import { readPlan } from '../../../../src/plan/read';
import { allFixtures, fixture, planOf } from '../fixtures';

const line = (plan: ReturnType<typeof fixture>): PlanLine =>
  JSON.parse(planJson('a.json', [plan], [findingsOf(plan)])) as PlanLine;

describe('plan: as JSON', () => {
  it('is one line with the documented names, in their order', () => {
    const text = planJson('a.json', [fixture('pg15', 'seq-scan')], [findingsOf(fixture('pg15', 'seq-scan'))]);
    assert.doesNotMatch(text, /\n/);
    const output = JSON.parse(text) as PlanLine;
    assert.deepEqual(Object.keys(output), ['file', 'plans']);
    assert.deepEqual(Object.keys(output.plans[0]!), ['executionMs', 'planningMs', 'nodes', 'findings']);
    assert.deepEqual(Object.keys(output.plans[0]!.nodes[0]!), [
      'path',
      'depth',
      'type',
      'relation',
      'index',
      'planRows',
      'rows',
      'loops',
      'inclusiveMs',
      'exclusiveMs',
      'errorMs',
      'buffers',
      'exclusiveBuffers',
      'neverExecuted',
    ]);
    assert.deepEqual(Object.keys(output.plans[0]!.findings[0]!), ['id', 'node', 'shareOfTime', 'message', 'fix']);
    assert.deepEqual(Object.keys(output.plans[0]!.nodes[0]!.buffers ?? {}), [
      'sharedHit',
      'sharedRead',
      'sharedDirtied',
      'sharedWritten',
      'localHit',
      'localRead',
      'localDirtied',
      'localWritten',
      'tempRead',
      'tempWritten',
    ]);
  });

  it('a figure that the plan doesn’t have is null, never 0', () => {
    const [estimated] = line(fixture('pg15', 'no-analyze')).plans;
    assert.deepEqual([estimated?.executionMs, estimated?.planningMs], [null, null]);
    for (const node of estimated?.nodes ?? []) {
      assert.deepEqual(
        [node.rows, node.loops, node.inclusiveMs, node.exclusiveMs, node.errorMs, node.buffers, node.exclusiveBuffers],
        [null, null, null, null, null, null, null],
      );
      assert.equal(typeof node.planRows, 'number');
    }
    const never = line(fixture('pg15', 'never-executed')).plans[0]?.nodes.find((node) => node.neverExecuted);
    assert.deepEqual([never?.rows, never?.inclusiveMs, never?.buffers], [null, null, null]);
    const [root] = line(fixture('pg15', 'timing-off')).plans[0]?.nodes ?? [];
    assert.equal(root?.inclusiveMs, null);
    assert.equal(typeof root.rows, 'number');
  });

  it('paths lead from the root to each node', () => {
    for (const { name, text } of allFixtures()) {
      const plan = readPlan(text);
      pathsOf(plan).forEach((path, id) => {
        let at = plan.nodes[0];
        for (const place of path.split('.').slice(1)) at = plan.nodes[at?.children[Number(place)] ?? -1];
        assert.equal(at?.id, id, `${name} ${path}`);
      });
    }
  });

  it('findings name their node by its path', () => {
    const plan = fixture('pg15', 'hash-spill');
    const [output] = line(plan).plans;
    const [finding] = output?.findings ?? [];
    assert.ok(finding?.node != null && finding.fix !== null);
    assert.equal(
      output?.nodes.find(({ path }) => path === finding.node)?.type,
      plan.nodes[findingsOf(plan)[0]?.node ?? -1]?.type,
    );
  });

  it('sums have no binary dust', function () {
    this.timeout(20_000);
    for (const { text, name } of allFixtures())
      assert.doesNotMatch(JSON.stringify(line(readPlan(text))), /\d\.\d{8}/, name);
  });

  it('a comparison stands beside the plans', () => {
    const [before, after] = [fixture('pg15', 'seq-scan'), fixture('pg15', 'index-scan')];
    const { comparison } = planLine('b.json', [after], [[]], {
      file: 'a.json',
      comparison: comparePlans(before, after),
    });
    assert.deepEqual(Object.keys(comparison ?? {}), ['before', 'outcome', 'verdict', 'totals', 'changes']);
    assert.deepEqual([comparison?.before, comparison?.outcome], ['a.json', 'better']);
    assert.deepEqual([comparison?.changes[0]?.before, comparison?.changes[0]?.after], ['0', '0']);
    assert.equal(comparison?.totals.tempBlocks.before, 0);
  });

  it('5,000 levels: paths begin anew, and stay unique', function () {
    this.timeout(20_000);
    const level = '{"Node Type": "Limit", "Plans": [';
    const plan = readPlan(`[{"Plan": ${level.repeat(5000)}{"Node Type": "Result"}${']}'.repeat(5000)}}]`);
    const paths = pathsOf(plan);
    assert.equal(new Set(paths).size, 5001);
    assert.equal(paths[3], '0.0.0.0');
    assert.equal(paths[2000], '#2000');
    assert.equal(paths[2001], '#2000.0');
    assert.ok(paths.every((path) => path.length < 5000));
  });

  it('names are text, whatever they are', () => {
    const output = line(planOf({ 'Relation Name': '__proto__"\n' }));
    assert.equal(output.plans[0]?.nodes[0]?.relation, '__proto__"\n');
  });
});
