import assert from 'node:assert/strict';
import { findingsOf } from '../../../src/plan/findings';
import type { Rule } from '../../../src/plan/findings/finding';
import { readPlan } from '../../../src/plan/read';
import { problemsNote } from '../../../src/webview/plan/problems';
import { lookFor } from '../../../src/webview/plan/lookFor';
import { append, asJson } from '../../bench/plan/synthetic';

describe('findings, looked for in stretches', () => {
  const plan = readPlan(asJson(append(40)));

  it('are those of findingsOf, in its order', async () => {
    const expected = findingsOf(plan);
    const found = await lookFor(plan, () => true);
    const words = (all: typeof expected | undefined): unknown =>
      all?.map(({ rule, node, message }) => [rule.id, node, message]);
    assert.ok(expected.length > 0);
    assert.deepEqual(words(found?.all as typeof expected), words(expected));
  });

  it('stand at each node they are about', async () => {
    const [finding] = findingsOf(plan);
    const found = await lookFor(plan, () => true);
    assert.ok(finding?.node !== undefined && finding.alsoAt.length > 0);
    for (const id of [finding.node, ...finding.alsoAt]) {
      assert.ok(
        found?.byNode.get(id)?.some(({ rule }) => rule.id === finding.rule.id),
        `node ${id}`,
      );
    }
  });

  it('stop when nobody wants them any more, within a rule too', async () => {
    let hits = 0;
    const endless: Rule = {
      id: 'endless',
      title: '',
      trigger: '',
      source: { name: '' },
      manual: '',
      *find() {
        for (;;) {
          hits++;
          yield { message: '', evidence: [], stake: {}, fixes: [], doubt: '' };
        }
      },
    };
    assert.equal(await lookFor(plan, () => hits < 3, [endless]), undefined);
    assert.equal(hits, 3);
  });
});

describe('the note on plans that could not be read', () => {
  const problem = { message: 'Not valid JSON: a value is missing.', nextStep: undefined, line: 1040, column: 3 };

  it('is none where all could', () => assert.equal(problemsNote(3, []), undefined));

  it('says how many, where and why', () => {
    assert.equal(
      problemsNote(4, [problem]),
      '1 of 5 plans could not be read: line 1,040, not valid JSON: a value is missing.',
    );
  });

  it('tells the first of several, with what to do', () => {
    assert.equal(
      problemsNote(1, [{ ...problem, message: 'EXPLAIN ends here.', nextStep: 'Copy all.' }, problem]),
      '2 of 3 plans could not be read: the first at line 1,040, EXPLAIN ends here. Copy all.',
    );
  });

  it('does not count what was not collected', () => {
    const many = Array.from({ length: 20 }, () => problem);
    assert.match(problemsNote(1, many) ?? '', /^20 or more plans could not be read: the first at line 1,040/);
  });
});
