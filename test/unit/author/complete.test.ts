import assert from 'node:assert/strict';
import { completeCourse, completeLesson, type Completion, type Schemas } from '../../../src/course/author/complete';
import { hoverLesson } from '../../../src/course/author/hover';
import type { CourseNames } from '../../../src/course/author/names';
import { relationsOf } from '../../../src/course/author/relations';
import { jsonSchema } from '../../../src/course/jsonSchema';
import { KINDS } from '../../../src/course/schema';
import { atCursor } from './cursor';

const schemas: Schemas = {
  course: jsonSchema('course'),
  lesson: jsonSchema('lesson'),
  exercise: jsonSchema('exercise'),
};
const names: CourseNames = {
  datasets: ['shop', 'bank'],
  folders: ['tutorials', 'workshops'],
  relations: relationsOf(
    'CREATE TABLE orders (id int PRIMARY KEY, total numeric(10, 2) NOT NULL); CREATE TABLE "Order Lines" (line int);',
  ),
};

const FRONT = '---\nid: indexes\ntitle: Indexes\nkind: tutorial\nminutes: 30\n---\n\n';
const exercise = (yaml: string): string => `${FRONT}## Find it\n\n\`\`\`yaml exercise\n${yaml}\n\`\`\`\n`;

function complete(marked: string): Completion[] {
  const { text, offset } = atCursor(marked);
  return completeLesson(text, offset, schemas, names);
}
const labels = (marked: string): string[] => complete(marked).map(({ label }) => label);
const one = (marked: string, label: string): Completion => {
  const found = complete(marked).find((each) => each.label === label);
  assert.ok(found, `no ${label} among ${labels(marked).join(', ')}`);
  return found;
};
/** The file after taking a completion, stops as `$1` or `‹text›`. */
function taken(marked: string, label: string): string {
  const { text } = atCursor(marked);
  const { start, end, snippet } = one(marked, label);
  const plain = snippet.replace(/\$\{\d+:((?:\\.|[^}])*)\}/g, '‹$1›').replace(/\\([$}\\])/g, '$1');
  return text.slice(0, start) + plain + text.slice(end);
}

describe('completeLesson', () => {
  it('offers the keys that an exercise lacks, required ones first', () => {
    const found = complete(exercise('id: find-it\n|'));
    assert.ok(!found.some(({ label }) => label === 'id'));
    assert.deepEqual(
      found.filter(({ first }) => first).map(({ label }) => label),
      ['expect'],
    );
    assert.ok(found.some(({ label }) => label === 'points'));
  });

  it('offers keys above others and keeps what follows', () => {
    const marked = exercise('id: find-it\npo|\nexpect:\n  - rows:');
    assert.match(taken(marked, 'points'), /id: find-it\npoints: ‹\d+›\nexpect:\n {2}- rows:/);
  });

  it('offers every kind of expectation, with a body', () => {
    const marked = exercise('id: find-it\nexpect:\n  - |');
    const found = labels(marked);
    for (const { name } of KINDS) {
      assert.ok(found.includes(name), name);
      assert.ok(one(marked, name).first, name);
    }
    assert.match(taken(marked, 'state'), /\n {2}- state:\n {6}query: ‹.+›\n {6}message: ‹.+›/);
  });

  it('offers no second kind beside the first', () => {
    const found = labels(exercise('id: find-it\nexpect:\n  - plan:\n      query: SELECT 1\n    |'));
    assert.deepEqual(
      found.filter((label) => KINDS.some(({ name }) => name === label)),
      [],
    );
  });

  it('puts a map on lines of its own', () => {
    assert.match(taken(exercise('expect:\n  - plan: |'), 'reads'), /- plan: \n {6}reads:\n {8}orders: ‹index›/);
    assert.match(taken(exercise('expect:\n  - plan:\n      |'), 'reads'), /- plan:\n {6}reads:\n {8}orders: ‹index›/);
    assert.match(taken(exercise('expect:\n  - plan: { | }'), 'reads'), /- plan: \{ reads: \{ \$1 \} \}/);
  });

  it('offers the tables of the data set, then how they are read', () => {
    assert.deepEqual(labels(exercise('expect:\n  - plan:\n      reads: { | }')), ['orders', 'Order Lines']);
    assert.match(taken(exercise('expect:\n  - plan:\n      reads: { | }'), 'Order Lines'), /reads: \{ Order Lines: /);
    const ways = labels(exercise('expect:\n  - plan:\n      reads: { orders: | }'));
    for (const way of ['seq', 'index', 'index-only', 'bitmap']) assert.ok(ways.includes(way), way);
    assert.deepEqual(labels(exercise('expect:\n  - plan:\n      reads:\n        orders: index\n        |')), [
      'Order Lines',
    ]);
  });

  it('offers the columns of the table that is named', () => {
    const found = labels(exercise('expect:\n  - index:\n      table: orders\n      on: [|]'));
    assert.deepEqual(found, ['id', 'total']);
    assert.deepEqual(labels(exercise('expect:\n  - index:\n      table: orders\n      on: [id, |]')), ['total']);
  });

  it('offers nodes of plans as values', () => {
    assert.ok(labels(exercise('expect:\n  - plan:\n      avoids: [|]')).includes('Bitmap Heap Scan'));
    assert.equal(
      taken(exercise('expect:\n  - plan:\n      avoids: [Seq|]'), 'Seq Scan'),
      atCursor(exercise('expect:\n  - plan:\n      avoids: [Seq Scan|]')).text,
    );
  });

  it('completes front matter, also while it is not closed', () => {
    assert.deepEqual(labels('---\nid: x\ndataset: |\n---\n'), ['shop', 'bank']);
    assert.ok(labels('---\nid: x\nkind: |\n').includes('tutorial'));
    assert.equal(taken('---\nid: x\nkind:|\n---\n', 'workshop'), '---\nid: x\nkind: workshop\n---\n');
    const keys = labels('---\r\nid: x\r\n|\r\n---\r\n');
    assert.ok(keys.includes('minutes') && !keys.includes('id'), keys.join());
  });

  it('offers nothing in prose, in comments, in plain blocks', () => {
    for (const marked of [`${FRONT}Some | text`, exercise('# a | comment'), `${FRONT}\`\`\`sql\nSELECT |\n\`\`\`\n`])
      assert.deepEqual(labels(marked), [], marked);
  });

  it('keeps a misspelt key’s value', () => {
    assert.match(taken(exercise('id: a\npoin|: 5'), 'points'), /points: 5/);
  });
});

describe('completeLesson: info strings', () => {
  const wanted = (marked: string): string[] =>
    complete(marked)
      .filter(({ first }) => first)
      .map(({ label }) => label);

  it('offers every role, in an exercise those it lacks first', () => {
    assert.equal(complete(`${FRONT}\`\`\`|`).length, 8);
    assert.deepEqual(wanted(`${FRONT}\`\`\`|`), ['sql run', 'yaml exercise']);
    const marked = `${exercise('id: a')}\`\`\`sql starter\nSELECT 1;\n\`\`\`\n\`\`\`|\n`;
    assert.deepEqual(wanted(marked), ['md hint', 'sql solution', 'sql wrong']);
    assert.match(taken(marked, 'sql wrong'), /```sql wrong "‹message›"\n\$0\n```\n$/);
  });

  it('offers output below an example', () => {
    assert.ok(wanted(`${FRONT}\`\`\`sql run\nSELECT 1;\n\`\`\`\n\n\`\`\`te|\n`).includes('text output'));
  });

  it('does not close a block twice', () => {
    assert.equal(
      taken(`${FRONT}\`\`\`sq|\nSELECT 1;\n\`\`\`\n`, 'sql run'),
      `${FRONT}\`\`\`sql run\nSELECT 1;\n\`\`\`\n`,
    );
  });

  it('offers masks behind output', () => {
    assert.deepEqual(labels(`${FRONT}\`\`\`text output |\n\`\`\``), ['masking', 'on']);
    assert.deepEqual(labels(`${FRONT}\`\`\`text output on 18 |\n\`\`\``), ['masking']);
    assert.ok(labels(`${FRONT}\`\`\`text output on 18 masking |\n\`\`\``).includes('times'));
    const found = labels(`${FRONT}\`\`\`text output masking times, |\n\`\`\``);
    assert.ok(found.includes('memory') && !found.includes('times'), found.join());
  });
});

describe('completeCourse', () => {
  it('offers keys and folders', () => {
    const { text, offset } = atCursor('id: c\ntitle: C\nsections:\n  - folder: |\n');
    const found = completeCourse(text, offset, schemas, names).map(({ label }) => label);
    assert.deepEqual(found, ['tutorials', 'workshops']);
  });
});

describe('hoverLesson', () => {
  const hover = (marked: string): string | undefined => {
    const { text, offset } = atCursor(marked);
    return hoverLesson(text, offset, schemas, names)?.text;
  };

  it('explains roles', () => {
    assert.match(hover(`${FRONT}\`\`\`sql wr|ong "No."\n\`\`\``) ?? '', /foreseen wrong answer/);
    assert.equal(hover(`${FRONT}\`\`\`sq|l\n\`\`\``), undefined);
  });

  it('explains keys: description and example', () => {
    const text = hover(exercise('expect:\n  - plan:\n      re|ads: { orders: index }')) ?? '';
    assert.match(text, /How tables are read/);
    assert.match(text, /reads:\n {2}orders: index/);
    assert.match(hover(FRONT.replace('kind', 'ki|nd')) ?? '', /`tutorial`/);
  });

  it('shows the columns of a table', () => {
    assert.match(
      hover(exercise('expect:\n  - plan:\n      reads: { or|ders: index }')) ?? '',
      /table orders \(\n {2}id int\n {2}total numeric\(10, 2\)\n\)/,
    );
  });

  it('says nothing of keys that there are not', () => {
    for (const key of ['__proto__', 'constructor', 'nothing'])
      assert.equal(hover(exercise(`|${key}: 1`)), undefined, key);
  });
});
