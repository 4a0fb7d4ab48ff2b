import assert from 'node:assert/strict';
import { asOutcomes } from '../../../src/check/integrity/integrity';
import type { Outcome } from '../../../src/check/verdict';
import { verdictView } from '../../../src/ui/exercise/verdictView';

const view = (outcomes: readonly Outcome[]): unknown[] =>
  verdictView({ passed: true, points: 10, maxPoints: 10, outcomes, text: '' }).expectations.map(
    ({ passed, note = false }) => [passed, note],
  );

describe('a verdict as the page gets it', () => {
  it('tells a remark of the check from what was asked for', () => {
    assert.deepEqual(
      view([
        { passed: true, message: 'An index scan reads orders.', behaviour: 'plan' },
        { passed: true, message: 'The data is unchanged.', behaviour: 'data: unchanged', points: 0 },
        ...asOutcomes([
          { harmless: true, message: 'SET holds in your session.', behaviour: '' },
          { harmless: true, message: 'The index i is not valid.', behaviour: 'integrity: index i' },
          { message: 'A trigger.', behaviour: 'integrity: trigger t' },
        ]),
      ]),
      [
        [true, false],
        [true, false],
        [false, false],
        [true, true],
        [true, true],
      ],
    );
  });
});
