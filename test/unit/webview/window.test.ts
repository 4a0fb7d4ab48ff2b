import assert from 'node:assert/strict';
import { columnsInSight, offsets, rowsInSight, scrollToShow } from '../../../src/webview/kit/window';

describe('rows in sight', () => {
  it('are those that show a pixel, and the margin', () => {
    assert.deepEqual(rowsInSight(0, 100, 20, 1000, 0), { first: 0, end: 5 });
    assert.deepEqual(rowsInSight(10, 100, 20, 1000, 0), { first: 0, end: 6 });
    assert.deepEqual(rowsInSight(200, 100, 20, 1000, 3), { first: 7, end: 18 });
  });

  it('end with the last row', () => {
    assert.deepEqual(rowsInSight(19_900, 100, 20, 1000, 5), { first: 990, end: 1000 });
    assert.deepEqual(rowsInSight(0, 100, 20, 2, 5), { first: 0, end: 2 });
  });

  it('are none of none, nor of rows that have since gone', () => {
    assert.deepEqual(rowsInSight(0, 100, 20, 0, 5), { first: 0, end: 0 });
    const { first, end } = rowsInSight(5000, 100, 20, 10, 2);
    assert.equal(end - first, 0);
  });

  it('survive a view without a height, and scrolling beyond the edge', () => {
    assert.deepEqual(rowsInSight(0, -24, 20, 10, 0), { first: 0, end: 0 });
    assert.deepEqual(rowsInSight(-30, 100, 20, 10, 0), { first: 0, end: 5 });
  });
});

describe('columns in sight', () => {
  const starts = offsets([100, 50, 200, 30]);

  it('start where the one before ends', () => {
    assert.deepEqual(starts, [0, 100, 150, 350, 380]);
    assert.deepEqual(offsets([]), [0]);
  });

  it('are those that show a pixel', () => {
    assert.deepEqual(columnsInSight(starts, 0, 100), { first: 0, end: 1 });
    assert.deepEqual(columnsInSight(starts, 99, 2), { first: 0, end: 2 });
    assert.deepEqual(columnsInSight(starts, 100, 51), { first: 1, end: 3 });
    assert.deepEqual(columnsInSight(starts, 360, 1000), { first: 3, end: 4 });
    assert.deepEqual(columnsInSight([0], 0, 100), { first: 0, end: 0 });
  });
});

describe('scrolling to show something', () => {
  it('does not move if it is in sight', () => {
    assert.equal(scrollToShow(40, 60, 20, 100), 20);
  });

  it('moves as little as possible', () => {
    assert.equal(scrollToShow(0, 20, 20, 100), 0);
    assert.equal(scrollToShow(200, 220, 20, 100), 120);
  });

  it('shows the start of what is larger than the view, and nothing before the start', () => {
    assert.equal(scrollToShow(300, 900, 0, 100), 300);
    assert.equal(scrollToShow(-24, 20, 10, 100), 0);
  });
});
