import assert from 'node:assert/strict';
import { readAttempt, textFingerprint } from '../../../src/check/attempt';
import { sameAnswer } from '../../../src/check/kinds/answer';

describe('sameAnswer', () => {
  const equal: [string, string, (number | string)?][] = [
    ['2942', '2942'],
    ['2,942', '2942'],
    ['2 942 blocks.', '2942'],
    ['2942.0', '2942'],
    ['-3', '-3'],
    ['Seq  Scan', 'Seq Scan'],
    ['`orders`', 'orders'],
    ['ORDERS.', 'orders'],
    ['3000', '2942', '5 %'],
    ['2940', '2942', 2],
  ];
  for (const [answer, right, tolerance = 0] of equal)
    it(`${answer} is ${right} within ${tolerance}`, () => assert.ok(sameAnswer(answer, right, tolerance)));

  const different: [string, string, (number | string)?][] = [
    ['2941', '2942'],
    ['', '0'],
    ['0', ''],
    ['3100', '2942', '5 %'],
    ['Index Scan', 'Seq Scan'],
    ['29 42 blocks or so', '2942'],
  ];
  for (const [answer, right, tolerance = 0] of different)
    it(`${answer || 'nothing'} is not ${right || 'nothing'}`, () => assert.ok(!sameAnswer(answer, right, tolerance)));
});

describe('readAttempt', () => {
  it('finds the answer and the last query', () => {
    const attempt = readAttempt(
      '-- What?\n-- answer:  12 blocks \nCREATE INDEX ON t (a);\nSELECT 1;\nSELECT 2;\nSET a = 1;',
    );
    assert.deepEqual([attempt.answer, attempt.answerAt, attempt.query?.text], ['12 blocks', 9, 'SELECT 2']);
  });
  it('finds answers under their labels', () => {
    const { answer, labelled, answerAt } = readAttempt(
      'SELECT 1;\n-- answer blocks: 12\n--answer Node : Seq Scan\r\n-- answer: 3\n-- answer x:',
    );
    assert.deepEqual(
      [answer, [...labelled], answerAt],
      [
        '3',
        [
          ['blocks', '12'],
          ['node', 'Seq Scan'],
        ],
        10,
      ],
    );
  });
  it('takes an empty answer for none', () => assert.equal(readAttempt('-- answer:\nSELECT 1').answer, undefined));
});

describe('textFingerprint', () => {
  it('heeds what the text says, not its line ends', () => {
    assert.equal(textFingerprint('SELECT 1;  \r\nSELECT 2;\r\n'), textFingerprint('SELECT 1;\nSELECT 2;\n\n'));
    assert.notEqual(textFingerprint('SELECT 1'), textFingerprint('SELECT 2'));
  });
});
