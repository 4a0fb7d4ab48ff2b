import assert from 'node:assert/strict';
import { pointsFor, type Outcome } from '../../../src/check/verdict';

const group = (points: number, ...passed: boolean[]): Outcome[] =>
  passed.map((each) => ({ passed: each, message: '', behaviour: '', points: points / passed.length }));

describe('pointsFor', () => {
  it('gives each expectation its share, and all points only for a pass', () => {
    assert.equal(pointsFor([group(1, true, true, true), group(1, true)], 10), 10);
    assert.equal(pointsFor([group(1, true, true), group(1, false)], 10), 5);
    assert.equal(pointsFor([group(3, true, false, false), group(1, false)], 8), 2);
    assert.equal(pointsFor([group(1, false)], 10), 0);
  });
  it('gives no points for what the starter met, nor for what must only not be broken', () => {
    assert.equal(pointsFor([group(1, true), group(1, false)], 10, [[true], [false]]), 0);
    assert.equal(pointsFor([group(1, false), group(0, true)], 10), 0);
    assert.equal(pointsFor([group(1, true), group(1, true), group(0, false)], 10), 0);
  });
});
