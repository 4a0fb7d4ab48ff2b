import assert from 'node:assert/strict';
import { readAttempt } from '../../../src/check/attempt';
import { checkChecklist, checkChoice } from '../../../src/check/kinds/quiz';

const choice = (right: string[], answer: string) =>
  checkChoice(
    { options: { a: { text: 'A' }, b: { text: 'B', message: 'Not B.' }, toString: { text: 'C' } }, right },
    readAttempt(`-- answer: ${answer}`),
  );

describe('a choice', () => {
  it('takes the right options in any order, however they are divided', () => {
    assert.ok(choice(['a'], 'A').passed);
    assert.ok(choice(['a', 'b'], 'b a').passed);
    assert.ok(choice(['a', 'b'], 'b;a, a').passed);
  });
  it('says what it can without telling which are right', () => {
    assert.equal(choice(['a'], '').message, 'No option is chosen yet.');
    assert.equal(choice(['a'], 'b').message, 'Not B.');
    assert.equal(choice(['b'], 'a').message, 'This option is not right.');
    assert.equal(choice(['a'], 'a, b').message, 'Choose one option.');
    assert.equal(choice(['a', 'b'], 'a').message, 'What is chosen is right, but not all that is.');
    assert.match(choice(['a'], 'constructor').message, /^There is no option “constructor”/);
  });
  it('behaves the same for the same choice', () =>
    assert.equal(choice(['a', 'b'], 'a').behaviour, choice(['a', 'b'], ' a, a').behaviour));
});

describe('a checklist', () => {
  const items = {
    one: { text: 'One.', optional: false },
    two: { text: 'Two.', optional: true },
    three: { text: 'Three.', optional: false },
  };
  it('has an outcome for each box that must be ticked', () =>
    assert.deepEqual(
      checkChecklist({ items }, readAttempt('-- answer: three, two')).map(({ passed, message }) => [passed, message]),
      [
        [false, 'Not ticked: One.'],
        [true, 'Ticked: Three.'],
      ],
    ));
});
