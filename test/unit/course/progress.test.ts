import assert from 'node:assert/strict';
import {
  mergeProgress,
  NO_PROGRESS,
  progressKey,
  readProgress,
  tally,
  type ExerciseProgress,
  type Progress,
} from '../../../src/course/progress';
import type { Course, ExerciseOutline, Lesson } from '../../../src/course/lesson';

const record = (change: Partial<ExerciseProgress> & { at: number }): ExerciseProgress => ({
  status: 'started',
  points: 0,
  attempts: 0,
  hints: 0,
  ...change,
});
const progress = (exercises: Record<string, ExerciseProgress>, clearedAt?: number): Progress => ({
  version: 1,
  exercises,
  ...(clearedAt !== undefined && { clearedAt }),
});

describe('progress', () => {
  it('merges two windows: nothing that was reached is lost', () => {
    const one = progress({ a: record({ at: 2, status: 'failed', attempts: 3 }), b: record({ at: 1 }) });
    const other = progress({
      a: record({ at: 1, status: 'passed', passedAt: 1, points: 10, bought: '9 → 1 buffers' }),
      c: record({ at: 1 }),
    });
    const merged = mergeProgress(one, other);
    assert.deepEqual(merged, mergeProgress(other, one));
    assert.deepEqual(merged.exercises['a'], {
      status: 'failed',
      points: 10,
      at: 2,
      passedAt: 1,
      attempts: 3,
      hints: 0,
      bought: '9 → 1 buffers',
    });
    assert.deepEqual(Object.keys(merged.exercises).sort(), ['a', 'b', 'c']);
  });

  it('is commutative also where two records have the same time', () => {
    const one = progress({ a: record({ at: 1, status: 'failed' }) });
    const other = progress({ a: record({ at: 1, status: 'passed', passedAt: 1 }) });
    assert.deepEqual(mergeProgress(one, other), mergeProgress(other, one));
  });

  it('does not bring back what was reset or cleared', () => {
    const passed = progress({ a: record({ at: 1, status: 'passed', passedAt: 1, points: 10 }) });
    const reset = mergeProgress(passed, progress({ a: record({ at: 2, resetAt: 2 }) }));
    assert.equal(reset.exercises['a']?.passedAt, undefined);
    assert.deepEqual(mergeProgress(passed, progress({}, 5)).exercises, {});
    assert.deepEqual(Object.keys(mergeProgress(progress({}, 5), progress({ a: record({ at: 6 }) })).exercises), ['a']);
  });

  it('reads what it stored, and drops what is broken', () => {
    const stored = mergeProgress(progress({ 'c/l/e': record({ at: 3, points: 4 }) }), progress({}, 1));
    assert.deepEqual(readProgress(JSON.parse(JSON.stringify(stored))), stored);
    assert.deepEqual(
      readProgress({ version: 1, exercises: { a: 1, b: { at: 'x' }, c: record({ at: 1 }) } }).exercises,
      { c: record({ at: 1 }) },
    );
    for (const junk of [undefined, null, 4, 'x', [], { version: 9 }]) assert.deepEqual(readProgress(junk), NO_PROGRESS);
  });

  it('is kept under ids: a lesson may be renamed, moved and reordered', () => {
    const exercise = { id: 'e' } as ExerciseOutline;
    const lesson = (title: string, path: string): Lesson =>
      ({ id: 'l', title, path, outline: [exercise] }) as unknown as Lesson;
    const course = (...lessons: Lesson[]): Course => ({
      id: 'c',
      title: '',
      description: '',
      sections: [{ folder: '', title: '', lessons }],
    });
    const done = progress({
      [progressKey({ course: 'c', lesson: 'l', exercise: 'e' })]: record({ at: 1, status: 'passed', passedAt: 1 }),
    });
    const other = { id: 'new', outline: [{ id: 'e' }] } as unknown as Lesson;
    assert.deepEqual(tally(done, course(lesson('Old', 'a/01.md'))), { passed: 1, total: 1 });
    assert.deepEqual(tally(done, course(other, lesson('New', 'b/07.md'))), { passed: 1, total: 2 });
  });
});
