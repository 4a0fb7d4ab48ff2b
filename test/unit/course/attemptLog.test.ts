import assert from 'node:assert/strict';
import {
  MOST_ATTEMPTS,
  readAttemptLog,
  waitSeconds,
  withAttempt,
  type AttemptLog,
  type LoggedAttempt,
} from '../../../src/course/attemptLog';

const attempt = (over: Partial<LoggedAttempt> = {}): LoggedAttempt => ({
  at: 1000,
  passed: false,
  points: 5,
  maxPoints: 15,
  summary: '3 rows missing.',
  fingerprint: 'abc',
  text: 'SELECT 1',
  ...over,
});
const none: AttemptLog = { version: 1, attempts: [] };

describe('the attempt log', () => {
  it('is read as it was written', () => {
    const log = withAttempt(withAttempt(none, attempt()), attempt({ at: 2000, passed: true }));
    assert.deepEqual(readAttemptLog(JSON.stringify(log)), log);
  });

  it('keeps so many, the newest', () => {
    let log = none;
    for (let at = 1; at <= MOST_ATTEMPTS + 5; at++) log = withAttempt(log, attempt({ at }));
    assert.equal(log.attempts.length, MOST_ATTEMPTS);
    assert.deepEqual([log.attempts[0]?.at, log.attempts.at(-1)?.at], [6, MOST_ATTEMPTS + 5]);
  });

  it('does not keep long texts', () => {
    const [kept] = withAttempt(none, attempt({ text: 'x'.repeat(50_000), summary: 'y'.repeat(5000) })).attempts;
    assert.equal(kept?.text, undefined);
    assert.equal(kept?.fingerprint, 'abc');
    assert.equal(kept.summary.length, 300);
  });

  it('drops what is broken and keeps the rest', () => {
    const stored = { version: 1, attempts: [null, 'x', { at: 'now' }, attempt(), { ...attempt(), text: 5 }] };
    assert.deepEqual(readAttemptLog(JSON.stringify(stored)).attempts, [attempt()]);
    for (const broken of ['', '{', '[]', 'null', '{"version":2,"attempts":[]}', '{"version":1,"attempts":{}}'])
      assert.deepEqual(readAttemptLog(broken), none, broken);
  });

  it('tells how long to wait, after a failure only', () => {
    const log = withAttempt(none, attempt({ at: 10_000 }));
    assert.equal(waitSeconds(log, 30, 15_500), 25);
    assert.equal(waitSeconds(log, 30, 40_000), 0);
    assert.equal(waitSeconds(log, 0, 10_000), 0);
    assert.equal(waitSeconds(none, 30, 0), 0);
    assert.equal(waitSeconds(withAttempt(log, attempt({ passed: true, at: 10_000 })), 30, 11_000), 0);
    // the clock was set back
    assert.equal(waitSeconds(log, 30, 5000), 0);
  });
});
