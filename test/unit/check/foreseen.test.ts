import assert from 'node:assert/strict';
import { foreseenAs, type Behaviour } from '../../../src/check/foreseen';
import { sharedStatements } from '../../../src/check/sharedStatements';
import { pointsFor, type Outcome } from '../../../src/check/verdict';

/** A group is its behaviour; one that begins with + passed. */
const behaved = (...groups: string[]): Behaviour => ({
  groups,
  passed: groups.map((group) => group.startsWith('+')),
});

const plan = (...shapes: string[]): string => `reads: false ${shapes.join(' | ')}\nbuffers: false`;

describe('which foreseen wrong answer an attempt is', () => {
  const starter = behaved('state: none', plan('Seq Scan sale'), '+data');
  const wrong = [
    behaved('+state', plan('Seq Scan sale'), '+data'),
    behaved('state: other', '+plan', '+data'),
    behaved('+state', plan('Index Scan sale [btree (a)]'), '+data'),
    behaved('+state', plan('Index Scan sale [btree (b)]'), '+data'),
  ];
  const as = (attempt: Behaviour, written?: (index: number) => number): number =>
    foreseenAs(attempt, { wrong, starter }, written);

  it('the one that behaves the same', () => assert.equal(as(behaved('state: other', '+plan', '+data')), 1));
  it('one whose failures it shares, when a fault of another kind comes on top', () => {
    assert.equal(as(behaved('+state', plan('Seq Scan sale'), 'data: sale')), 0);
    assert.equal(as(behaved('state: other', plan('Index Scan sale [btree (a)]'), '+data')), 1);
  });
  it('none, when what fails besides was not begun yet', () => assert.equal(as(starter), -1));
  it('none, when it fails otherwise', () => {
    assert.equal(as(behaved('+state', plan('Bitmap Heap Scan sale'), '+data')), -1);
    assert.equal(as(behaved('+state', plan('Index Scan sale [btree (c)]'), 'data: sale')), -1);
  });
  it('none for one that passes', () => assert.equal(as(behaved('+state', '+plan', '+data')), -1));
  it('of plans mixed by an index of an earlier try, the one that the file has now', () => {
    const mixed = behaved('+state', plan('Index Scan sale [btree (a)]', 'Index Scan sale [btree (b)]'), '+data');
    assert.equal(as(mixed), 2);
    assert.equal(
      as(mixed, (index) => (index === 3 ? 1 : 0)),
      3,
    );
    const none = behaved('+state', plan('Seq Scan sale', 'Seq Scan sale'), '+data');
    const partly = behaved('+state', plan('Index Scan sale [btree (a)]', 'Seq Scan sale'), '+data');
    assert.equal(foreseenAs(none, { wrong: [partly], starter: none }), -1, 'nothing was done yet');
    const unknown = behaved('+state', plan('Index Scan sale [btree (a)]', 'Index Scan sale [btree (c)]'), '+data');
    assert.equal(as(unknown), -1);
  });
});

describe('how much of a wrong answer a file has', () => {
  it('counts statements, whatever the index is called', () => {
    const text = '-- try\nCREATE INDEX mine ON orders USING btree (a);\nSELECT 1;';
    assert.equal(sharedStatements(text, 'create index on orders (a); SELECT 2'), 1);
    assert.equal(sharedStatements('-- CREATE INDEX ON orders (a)', 'CREATE INDEX ON orders (a)'), 0);
  });
});

describe('points', () => {
  const outcome = (passed: boolean, points?: number): Outcome => ({
    passed,
    message: '',
    behaviour: '',
    ...(points !== undefined && { points }),
  });

  it('are all for a pass', () => assert.equal(pointsFor([[outcome(true)], [outcome(true, 0)]], 10), 10));
  it('are shares of what the starter did not meet', () => {
    const groups = [[outcome(true)], [outcome(true), outcome(false)]];
    assert.equal(pointsFor(groups, 10), 6);
    assert.equal(pointsFor(groups, 10, [[true], [false, false]]), 5);
    assert.equal(pointsFor(groups, 10, [[true], [true, false]]), 0);
  });
  it('are whole for an expectation of many parts', () => {
    const tenths = Array.from({ length: 10 }, () => outcome(true, 0.1));
    assert.equal(pointsFor([tenths, ...Array.from({ length: 9 }, () => [outcome(false)])], 10), 1);
  });
  it('weigh as stated', () => assert.equal(pointsFor([[outcome(true, 3)], [outcome(false)]], 10), 7));
  it('are none where the data or the integrity is broken', () =>
    assert.equal(pointsFor([[outcome(true)], [outcome(false, 0)]], 10), 0));
  it('are never all without a pass', () => assert.equal(pointsFor([[outcome(true)], [outcome(false, 0.01)]], 10), 9));
});
