import assert from 'node:assert/strict';
import { currentHeading, headingOf, linkTarget, nextAction, progressOf } from '../../../src/webview/reader/lesson';
import type { ExerciseView, Segment } from '../../../src/shared/protocol';

const exercise = (over: Partial<ExerciseView>): ExerciseView => ({
  id: 'x',
  title: 'X',
  points: 10,
  status: 'new',
  stale: false,
  checking: false,
  hints: [],
  hintCount: 0,
  ...over,
});

describe('an exercise card', () => {
  it('suggests one thing to do', () => {
    assert.equal(nextAction(exercise({ status: 'new' })), 'start');
    assert.equal(nextAction(exercise({ status: 'started' })), 'check');
    assert.equal(nextAction(exercise({ status: 'failed' })), 'check');
    assert.equal(nextAction(exercise({ status: 'passed' })), undefined);
    assert.equal(nextAction(exercise({ status: 'passed', stale: true })), 'check');
  });

  it('counts as done when passed', () => {
    assert.deepEqual(progressOf([exercise({ status: 'passed' }), exercise({ status: 'failed' })]), {
      passed: 1,
      total: 2,
    });
  });

  it('leaves its title to the heading above, if that says the same', () => {
    const outline = [
      { level: 2, text: 'Practice', slug: 'practice' },
      { level: 3, text: 'Find the index', slug: 'find-the-index' },
    ];
    const segments: Segment[] = [
      {
        kind: 'html',
        html: '<h2 id="practice" tabindex="-1">Practice</h2><h3 id="find-the-index" tabindex="-1">Find the index</h3><p>…</p>',
      },
      { kind: 'sql', id: 'run-1', html: '<pre></pre>', explainable: true },
      { kind: 'html', html: '<p>more</p>' },
      { kind: 'exercise', id: 'x' },
    ];
    assert.equal(headingOf('Find the index', segments, 3, outline), 'find-the-index');
    assert.equal(headingOf('Practice', segments, 3, outline), undefined);
    assert.equal(headingOf('Find the index', [{ kind: 'exercise', id: 'x' }], 0, outline), undefined);
  });
});

describe('links of a lesson', () => {
  it('lead to a heading, to a file, or out', () => {
    assert.deepEqual(linkTarget('#key-concepts'), { kind: 'heading', slug: 'key-concepts' });
    assert.deepEqual(linkTarget('#%C3%BCber'), { kind: 'heading', slug: 'über' });
    assert.deepEqual(linkTarget('#100%'), { kind: 'heading', slug: '100%' });
    assert.deepEqual(linkTarget('../resources/cheatsheet.md#joins'), { kind: 'file' });
    assert.deepEqual(linkTarget('https://www.postgresql.org/'), { kind: 'web' });
    assert.deepEqual(linkTarget('mailto:a@example.org'), { kind: 'web' });
  });

  it('run no commands', () => {
    assert.deepEqual(linkTarget('command:workbench.action.terminal.new'), { kind: 'none' });
    assert.deepEqual(linkTarget('JavaScript:alert(1)'), { kind: 'none' });
    assert.deepEqual(linkTarget(''), { kind: 'none' });
  });
});

describe('the heading being read', () => {
  const tops = [
    { slug: 'a', top: -500 },
    { slug: 'b', top: 60 },
    { slug: 'c', top: 400 },
  ];

  it('is the last one above the line', () => {
    assert.equal(currentHeading(tops, 80), 'b');
    assert.equal(currentHeading(tops, 0), 'a');
    assert.equal(currentHeading(tops, -900), undefined);
  });
});
