import assert from 'node:assert/strict';
import { findingsOf, RULES } from '../../../../src/plan/findings';
import { factsOf, removed, ownStake } from '../../../../src/plan/findings/facts';
import type { Hit, Rule } from '../../../../src/plan/findings/finding';
import { ranked } from '../../../../src/plan/findings/rank';
import type { Plan } from '../../../../src/plan/model';
import { readPlan } from '../../../../src/plan/read';
import { allFixtures, fixture, ofType, planOf, sharedPlans } from '../fixtures';
import { cpuMs, planText, ran, scanOf } from './accessPlans';

const hit = (stake: Hit['stake'], more: Partial<Hit> = {}): Hit => ({
  message: 'M.',
  evidence: [],
  stake,
  fixes: [],
  doubt: 'D.',
  ...more,
});

const ruleOf = (id: string, ...hits: Hit[]): Rule => ({
  id,
  title: id,
  trigger: '',
  source: { name: '' },
  manual: '',
  find: () => hits,
});

/** One scan: 100 ms, 1,000 blocks. */
const whole = (): Plan => readPlan(planText(scanOf(ran(100, 10, 1000)), 100));

const kept = (plan: Plan, ...rules: Rule[]): string[] => ranked(factsOf(plan), rules).map(({ rule }) => rule.id);

describe('findings: frame', () => {
  it('ranked by the share of time, then of buffers; what was not measured comes last', () => {
    const rules = [
      ruleOf('unmeasured', hit({})),
      ruleOf('small', hit({ ms: 5, errorMs: 0, blocks: 900 })),
      ruleOf('large', hit({ ms: 50, errorMs: 0 })),
      ruleOf('blocks', hit({ blocks: 300 })),
      ruleOf('tie-b', hit({ ms: 20, blocks: 10 })),
      ruleOf('tie-a', hit({ ms: 20, blocks: 20 })),
    ];
    assert.deepEqual(kept(whole(), ...rules), ['large', 'blocks', 'tie-a', 'tie-b', 'small', 'unmeasured']);
    assert.deepEqual(kept(whole(), ...rules.toReversed()), [
      'large',
      'blocks',
      'tie-a',
      'tie-b',
      'small',
      'unmeasured',
    ]);
  });

  it('shares of the span and of all blocks, 1 at most', () => {
    const [finding] = ranked(factsOf(whole()), [ruleOf('a', hit({ ms: 250, blocks: 250 }))]);
    assert.deepEqual([finding?.shareOfTime, finding?.shareOfBuffers], [1, 0.25]);
  });

  it('silent within the error bar, below 1 % and below 0.1 ms', () => {
    assert.deepEqual(kept(whole(), ruleOf('within', hit({ ms: 5, errorMs: 5 }))), []);
    assert.deepEqual(kept(whole(), ruleOf('without', hit({ ms: 5, errorMs: 4.9 }))), ['without']);
    assert.deepEqual(kept(whole(), ruleOf('under', hit({ ms: 0.9, errorMs: 0 }))), []);
    assert.deepEqual(kept(whole(), ruleOf('over', hit({ ms: 1.1, errorMs: 0 }))), ['over']);
    const short = readPlan(planText(scanOf(ran(0.2, 10, 3)), 0.2));
    assert.deepEqual(kept(short, ruleOf('short', hit({ ms: 0.09, errorMs: 0 }))), []);
  });

  it('blocks are exact: they count where the time says nothing', () => {
    assert.deepEqual(kept(whole(), ruleOf('blocks', hit({ ms: 1, errorMs: 2, blocks: 500 }))), ['blocks']);
    assert.deepEqual(kept(whole(), ruleOf('few', hit({ ms: 1, errorMs: 2, blocks: 9 }))), []);
    const tiny = readPlan(planText(scanOf(ran(0.01, 1, 3)), 0.01));
    assert.deepEqual(kept(tiny, ruleOf('tiny', hit({ ms: 0.001, errorMs: 0.0005, blocks: 3 }))), []);
  });

  it('without times or buffers nothing is judged by them', () => {
    const plan = planOf({ 'Plan Rows': 1 });
    assert.deepEqual(kept(plan, ruleOf('a', hit({}))), ['a']);
    const untimed = fixture('pg15', 'timing-off');
    assert.equal(factsOf(untimed).totalBlocks !== undefined, true);
  });

  it('alike nodes below one Append are one finding, with the sum', () => {
    const partitions = 5000;
    const plan = readPlan(
      planText(
        {
          'Node Type': 'Append',
          ...ran(10 * partitions, 5 * partitions, 10 * partitions),
          Plans: Array.from({ length: partitions }, (_, i) =>
            scanOf({
              'Parent Relationship': 'Member',
              'Relation Name': `part_${i}`,
              Alias: `part_${i}`,
              ...ran(10, 5, 10),
              Filter: '(value = 7)',
              'Rows Removed by Filter': 1000 + (i === 3 ? 1 : 0),
            }),
          ),
        },
        10 * partitions,
      ),
    );
    let findings: ReturnType<typeof findingsOf> = [];
    const ms = cpuMs(() => (findings = findingsOf(plan)));
    assert.ok(ms < 1000, `${ms} ms`);
    const scans = findings.filter(({ rule }) => rule.id === 'seq-scan-filters');
    assert.equal(scans.length, 1);
    const [finding] = scans;
    assert.equal(finding?.alsoAt.length, partitions - 1);
    assert.ok(!finding.alsoAt.includes(finding.node ?? -1));
    assert.match(finding.message, /^Read 1,006 rows of part_3 to keep 5\. The same in 4,999 more parts like it\.$/);
    assert.ok(Math.abs((finding.shareOfTime ?? 0) - 1000 / 1005) < 0.001);
    assert.match(finding.fixes[0]?.text ?? '', /partitioned table/);
  }).timeout(60_000);

  it('partitions that PostgreSQL named after their table get the index there', () => {
    const append = (...names: (readonly [relation: string, alias: string])[]): string | undefined => {
      const plans = names.map(([relation, alias]) =>
        scanOf({
          'Parent Relationship': 'Member',
          'Relation Name': relation,
          Alias: alias,
          Filter: '(value = 7)',
          'Rows Removed by Filter': 1001,
        }),
      );
      const plan = readPlan(planText({ 'Node Type': 'Append', ...ran(30, 300, 300), Plans: plans }, 30));
      return findingsOf(plan).find(({ rule }) => rule.id === 'seq-scan-filters')?.fixes[0]?.sql;
    };
    assert.equal(append(['log_de', 'log_1'], ['log_fr', 'log_2']), 'CREATE INDEX ON log (value);');
    // UNION ALL of tables: the first keeps its name. Or the query names it.
    assert.equal(append(['log_de', 'log'], ['log_fr', 'log_1']), 'CREATE INDEX ON log_de (value);');
    assert.equal(append(['log_1', 'log_1'], ['log_2', 'log_2']), 'CREATE INDEX ON log_1 (value);');
    assert.equal(append(['log_de', 'l_1'], ['log_fr', 'l_2']), 'CREATE INDEX ON log_de (value);');
  });

  it('not where they ask for different indexes, or stand below different Appends', () => {
    const scan = (filter: string): object =>
      scanOf({ 'Parent Relationship': 'Member', Filter: filter, 'Rows Removed by Filter': 1001 });
    const append = (...plans: object[]): object => ({
      'Node Type': 'Append',
      'Parent Relationship': 'Member',
      ...ran(20, 5, 200),
      Plans: plans,
    });
    const findings = (root: object): number =>
      findingsOf(readPlan(planText(root, 40))).filter(({ rule }) => rule.id === 'seq-scan-filters').length;
    assert.equal(findings(append(scan('(a = 1)'), scan('(b = 1)'))), 2);
    assert.equal(findings(append(scan('(a = 1)'), scan('(a = 2)'))), 1);
    assert.equal(findings(append(append(scan('(a = 1)')), append(scan('(a = 1)')))), 2);
  });

  it('figures over the loops carry the error of their rounding', () => {
    const { nodes } = planOf({ 'Actual Rows': 1, 'Actual Loops': 100, 'Rows Removed by Filter': 3 });
    assert.deepEqual(removed(nodes[0]!, 'Rows Removed by Filter'), { rows: 300, error: 50 });
    assert.equal(removed(nodes[0]!, 'Rows Removed by Join Filter'), undefined);
    assert.deepEqual(ownStake(nodes[0]!), {});
  });

  it('LIMIT reaches down to what reads all its input', () => {
    const plan = fixture('pg15', 'limit');
    const facts = factsOf(plan);
    for (const node of plan.nodes) assert.equal(facts.limit(node)?.kind, node.id === 0 ? undefined : 'Limit');
    const sorted = fixture('pg15', 'top-n');
    assert.equal(factsOf(sorted).limit(ofType(sorted, 'Sort'))?.kind, 'Limit');
    assert.equal(factsOf(sorted).limit(ofType(sorted, 'Seq Scan')), undefined);
  });

  it('any depth, any number of nodes', () => {
    let root: object = scanOf({ Filter: '(a = 1)', 'Rows Removed by Filter': 1000, ...ran(50, 5, 100) });
    for (let depth = 0; depth < 2000; depth++)
      root = { 'Node Type': 'Append', 'Parent Relationship': 'Member', ...ran(50, 5, 100), Plans: [root] };
    let findings: ReturnType<typeof findingsOf> = [];
    const ms = cpuMs(() => (findings = findingsOf(readPlan(planText(root, 50)))));
    assert.ok(ms < 3000, `${ms} ms`);
    assert.ok(findings.some(({ rule }) => rule.id === 'seq-scan-filters'));
  }).timeout(60_000);

  it('every plan there is: shares are within bounds, in order, the same each time; sentences end', () => {
    let count = 0;
    for (const { name, text } of [...allFixtures(), ...(sharedPlans() ?? [])]) {
      const plan = readPlan(text);
      const findings = findingsOf(plan);
      assert.deepEqual(findingsOf(plan), findings, name);
      let last = Infinity;
      for (const finding of findings) {
        count++;
        const share = finding.shareOfTime ?? finding.shareOfBuffers ?? -1;
        assert.ok(share <= last, name);
        last = share;
        for (const part of [finding.shareOfTime, finding.shareOfBuffers])
          assert.ok(part === undefined || (part >= 0 && part <= 1), name);
        for (const sentence of [finding.message, finding.doubt, ...finding.fixes.map((fix) => fix.text)]) {
          assert.match(sentence, /^[^a-z].*[.:]$|^[a-z_]\S* .*\.$/s, `${name}: ${sentence}`);
          assert.doesNotMatch(sentence, /NaN|undefined|Infinity/, `${name}: ${sentence}`);
        }
        if (finding.node !== undefined) assert.notEqual(plan.nodes[finding.node], undefined);
      }
    }
    assert.ok(count > 50, `${count}`);
  }).timeout(60_000);

  it('statements that are tuned well have no findings', () => {
    for (const server of ['pg15', 'pglite'] as const) {
      for (const name of [
        'index-scan',
        'index-scan-backward',
        'bitmap-scan',
        'tid-scan',
        'tid-range-scan',
        'values-scan',
        'result',
        'limit',
        'group-aggregate',
        'insert',
        'update',
        'partitions-pruned',
      ])
        assert.deepEqual(
          findingsOf(fixture(server, name)).map(({ rule, message }) => `${rule.id}: ${message}`),
          [],
          `${server}/${name}`,
        );
    }
  });

  it('rules have distinct ids in kebab-case and say all that the docs show', () => {
    assert.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length);
    for (const { id, title, trigger, source, manual, lesson } of RULES) {
      assert.match(id, /^[a-z]+(?:-[a-z]+)*$/);
      assert.match(title, /^[A-Z].*[^.]$/, id);
      assert.match(trigger, /^[^a-z].*\.$/, id);
      assert.ok(source.name.length > 0, id);
      assert.match(manual, /^[a-z0-9-]+\.html(?:#[A-Z0-9-]+)?$/, id);
      assert.ok(lesson === undefined || /^[a-z]+(?:-[a-z]+)*$/.test(lesson), id);
    }
  });
});
