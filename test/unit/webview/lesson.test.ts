import assert from 'node:assert/strict';
import {
  currentHeading,
  examplesOf,
  headingOf,
  linkTarget,
  nextAction,
  progressOf,
  rowWord,
  withItem,
} from '../../../src/webview/reader/lesson';
import type { ExerciseView, QuizView, RowDiffView, Segment } from '../../../src/shared/protocol';
import { firstSentence, rowsDiffView } from '../../../src/ui/exercise/verdictView';

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

  it('of a choice suggests the check once something is chosen', () => {
    const quiz = (over: Partial<QuizView>): QuizView => ({
      kind: 'choice',
      multiple: false,
      items: [
        { id: 'a', html: 'A' },
        { id: 'b', html: 'B' },
      ],
      chosen: [],
      ...over,
    });
    assert.equal(nextAction(exercise({ status: 'new', quiz: quiz({}) })), undefined);
    assert.equal(nextAction(exercise({ status: 'new', quiz: quiz({ chosen: ['a'] }) })), 'check');
    assert.equal(nextAction(exercise({ status: 'passed', quiz: quiz({ chosen: ['a'] }) })), undefined);
    assert.equal(
      nextAction(exercise({ status: 'started', quiz: quiz({ kind: 'checklist', chosen: ['a'] }) })),
      undefined,
    );
  });

  it('keeps what is chosen in the order of the items', () => {
    const items = ['a', 'b', 'c'].map((id) => ({ id }));
    assert.deepEqual(withItem(items, ['c'], 'a', true), ['a', 'c']);
    assert.deepEqual(withItem(items, ['a', 'c'], 'a', false), ['c']);
    // what the author has removed is not chosen any more
    assert.deepEqual(withItem(items, ['gone'], 'b', true), ['b']);
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

describe('rows that differ', () => {
  const none = {
    columns: ['id', 'name'],
    missing: [],
    extra: [],
    missingCount: 0,
    extraCount: 0,
    pairs: [],
    duplicates: [],
  };

  it('stand together where they are one but for some cells', () => {
    const view = rowsDiffView({
      ...none,
      missing: [
        ['1', 'x'],
        ['2', 'y'],
      ],
      extra: [['2', 'z']],
      missingCount: 14,
      extraCount: 1,
      pairs: [{ missing: 1, extra: 0, columns: [1] }],
    });
    assert.deepEqual(view.rows, [
      { kind: 'missing', cells: ['2', 'y'], differs: [1] },
      { kind: 'extra', cells: ['2', 'z'], differs: [1] },
      { kind: 'missing', cells: ['1', 'x'], differs: [] },
    ]);
    assert.equal(examplesOf(view, view.rows), 'Shown: 2 of 14 missing, 1 of 1 extra.');
    assert.equal(examplesOf({ ...view, missing: 2 }, view.rows), undefined);
  });

  it('say how often they came, and what stands where', () => {
    const words = (rows: readonly RowDiffView[]): string[] => rows.map(rowWord);
    const often = rowsDiffView({ ...none, duplicates: [{ row: ['1', 'x'], expected: 1, seen: 3 }] });
    assert.deepEqual(words(often.rows), ['3 instead of 1']);
    const disorder = rowsDiffView({
      ...none,
      disorder: { row: 4, expected: ['1', 'x'], seen: ['2', 'y'], columns: [0] },
    });
    assert.deepEqual(words(disorder.rows), ['row 4 expected', 'row 4 seen']);
    assert.deepEqual(
      disorder.rows.map((row) => row.differs),
      [[0], [0]],
    );
  });
});

describe('the first sentence of a verdict', () => {
  it('ends at the full stop of a sentence only', () => {
    assert.equal(firstSentence('14 rows missing. The date is too late.'), '14 rows missing.');
    assert.equal(firstSentence('public.orders is read 1.5 times.\nMore'), 'public.orders is read 1.5 times.');
    assert.equal(firstSentence('no end'), 'no end');
    assert.equal(firstSentence(''), '');
  });
});
