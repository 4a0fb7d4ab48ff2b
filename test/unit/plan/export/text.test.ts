import assert from 'node:assert/strict';
import { planText } from '../../../../src/plan/export/text';
import { findingsText } from '../../../../src/plan/export/report';
import { findingsOf } from '../../../../src/plan/findings';
import { readPlan } from '../../../../src/plan/read';
import { allFixtures, fixture, planOf } from '../fixtures';

describe('plan: as text', () => {
  it('figures in columns, the tree beside them', () => {
    assert.equal(
      planText(fixture('pg15', 'never-executed')),
      [
        'Execution 0.019 ms, planning 0.082 ms, 0 buffers',
        '',
        'own time     total  rows  estimated  buffers',
        '0.001 ms  0.003 ms     0          1        0  Nested Loop',
        '0.002 ms  0.002 ms     0          1        0    -> Seq Scan on nobody n',
        '                                  1             -> Index Scan using orders_pkey on orders o (never executed)',
        '                                                     Index Cond: (id = n.id)',
        '',
      ].join('\n'),
    );
  });

  it('a column without a figure is left out, and 0 ms is not said of what was not measured', () => {
    const estimated = planText(fixture('pg15', 'no-analyze'));
    assert.match(estimated, /^Not run: estimates only\n\nestimated +cost\n/);
    assert.doesNotMatch(estimated, /\bms\b|buffers/);
    assert.doesNotMatch(planText(fixture('pg15', 'timing-off')), /own time/);
  });

  it('groups what belongs together', () => {
    assert.match(
      planText(fixture('pg15', 'cte')),
      /Sort Method: quicksort {2}Sort Space Used: 193 kB {2}Sort Space Type: Memory\n/,
    );
  });

  it('findings are marked at their nodes', () => {
    const plan = fixture('pg15', 'seq-scan');
    const findings = findingsOf(plan);
    assert.ok(findings.length > 0);
    assert.match(planText(plan, findings), /^\[1\] .*Seq Scan on orders/m);
    const report = findingsText(plan, findings);
    assert.match(report, /^\[1\] /);
    for (const { message, doubt } of findings) assert.ok(report.includes(message) && report.includes(doubt));
    assert.equal(findingsText(plan, []), 'No findings.\n');
  });

  it('every plan: no tabs, no blanks at the end, no nonsense, each node once', function () {
    this.timeout(20_000);
    for (const { name, text } of allFixtures()) {
      const plan = readPlan(text);
      const output = planText(plan, findingsOf(plan));
      assert.doesNotMatch(output, /\t|\r| \n|NaN|Infinity|undefined|\[object/, name);
      const nodes = output.split('\n').filter((line) => / -> [A-Z(]/.test(line));
      assert.equal(nodes.length, plan.nodes.length - 1, name);
    }
  });

  it('names can’t command a terminal or turn the text around', () => {
    const output = planText(planOf({ 'Relation Name': 'a\u001b[2Jb\nc\u202ed', Filter: 'x\u0007y' }));
    assert.match(output, /on a \[2Jb cd\n/);
    assert.doesNotMatch(output, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('5,000 levels: lines do not grow with the depth', function () {
    this.timeout(20_000);
    const level = '{"Node Type": "Limit", "Actual Rows": 1, "Actual Loops": 1, "Plans": [';
    const plan = readPlan(`[{"Plan": ${level.repeat(5000)}{"Node Type": "Result"}${']}'.repeat(5000)}}]`);
    const lines = planText(plan).split('\n');
    assert.ok(lines.length > 5000);
    assert.ok(lines.every((line) => line.length < 300));
    assert.match(lines.at(-2) ?? '', /\(level 5,000\) Result/);
  });
});
