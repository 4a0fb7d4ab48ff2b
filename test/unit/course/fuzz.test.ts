import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { blocksOf } from '../../../src/course/blocks';
import { LessonFile } from '../../../src/course/lessonFile';
import type { LintContext } from '../../../src/course/lint/context';
import { readDatasetFacts } from '../../../src/course/lint/dataset';
import { lintLesson } from '../../../src/course/lint/lesson';
import { RULES } from '../../../src/course/lint/rules';
import { markdown } from '../../../src/course/markdown';
import { readPlainYaml } from '../../../src/course/plainYaml';
import { Lines, normalizeText } from '../../../src/course/text';
import { parseDocument } from 'yaml';
import { repoRoot, sqlParser } from './support/memoryCourse';

const shipped = path.join(repoRoot, 'lessons/postgres-optimization');
const whole = readFileSync(path.join(shipped, 'tutorials/02-query-analysis.md'), 'utf8');
/** Front matter, some prose with links, and two exercises: what mutations are to hit. */
const lesson =
  whole.slice(0, 2500) + whole.slice(whole.indexOf('## Practice Exercises'), whole.indexOf('### Once for each row'));

/** Seeded (mulberry32), so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

const PIECES = [
  '```',
  '~~~~',
  '---',
  '\n',
  '\r\n',
  '\r',
  '\t',
  '  ',
  '"',
  "'",
  ':',
  '[',
  '{',
  '- ',
  '> ',
  '# ',
  '|',
  '&a',
  '*a',
  '<<: ',
  '\0',
  '\uFEFF',
  'ä😀',
  '\uD83D',
  '$1',
  ';',
  '/*',
  '--',
  '$$',
  '](',
  '![',
  '](x.md#y)',
  '```sql wrong',
  '```text output masking x',
  '```yaml exercise\n',
  'expect:',
  '__proto__: 1',
  'id: x\n',
  '===\n',
  '1. ',
  '`',
];

const YAML = [
  'id: a-b\ntitle: Query analysis\nkind: tutorial\nminutes: 80\ndataset: shop\nneeds: [a, b]\n',
  'id: c\ntitle: C & D\ndescription: >-\n  One,\n  two.\nsections:\n  - folder: lessons\n    title: Lessons\n',
  "a: |\n  x\n   y\n\n  z\nb: |-\n  q\nc: >\n  a\n  b\n\n   c\n  d\ne:\n- a\n- b: 1\n  c:\n  - d\nf: [x,\n  \"y\", 'z''z']\n",
  'id: x\n# a comment\nexpect:\n  # another\n  - rows:\n      tolerance: 0.01\n  -\n    data: unchanged\n  - - -5\n    - 5 %\n  - 64MB\nnone:\n',
];

const YAML_PIECES = [
  ...['\n', '  ', ': ', ':', ',', '[', ']', '{', '}', '- ', '-', '#', ' #', '|', '>-\n', '"', "'", '\\', '&a', '*a'],
  ...['<<: ', '!!str ', '%', '@', '`', '~', 'null', 'True', '0', '007', '0x1f', '1e3', '.5', '5.', '-0', '+1', '.inf'],
  ...[
    '1_000',
    '2025-01-01',
    '...',
    '\n---\n',
    '? ',
    'a: ',
    '\na: 1\n',
    '\n      c',
    'ä😀',
    '\u00a0',
    '\u3000',
    '\u0085',
  ],
  ...['\ufeff', '\0', '\t', '__proto__: 1', '{a}', '[a: b]', '{"a":1}', ', ,', '{a: 1, b: [c]}', '  |-\n    x\n   y\n'],
];

function mutateYaml(text: string, pick: (below: number) => number): string {
  let mutated = text;
  for (let times = 1 + pick(3); times > 0; times--) {
    const at = pick(mutated.length + 1);
    const how = pick(4);
    if (how === 0) mutated = mutated.slice(0, at) + mutated.slice(at + 1 + pick(4));
    else if (how < 3) mutated = mutated.slice(0, at) + YAML_PIECES[pick(YAML_PIECES.length)]! + mutated.slice(at);
    else {
      const lines = mutated.split('\n');
      const line = pick(lines.length);
      lines[line] = ' '.repeat(pick(8)) + lines[line]!.trimStart();
      mutated = lines.join('\n');
    }
  }
  return mutated;
}

function mutate(text: string, pick: (below: number) => number): string {
  let mutated = text;
  for (let times = 1 + pick(3); times > 0; times--) {
    const at = pick(mutated.length + 1);
    const to = Math.min(mutated.length, at + 1 + pick(pick(4) === 0 ? 400 : 12));
    const piece = PIECES[pick(PIECES.length)] ?? '';
    switch (pick(4)) {
      case 0:
        mutated = mutated.slice(0, at) + mutated.slice(to);
        break;
      case 1:
        mutated = mutated.slice(0, at) + piece + mutated.slice(at);
        break;
      case 2:
        mutated = mutated.slice(0, at) + mutated.slice(at, to) + mutated.slice(at, to) + mutated.slice(to);
        break;
      default:
        mutated = mutated.slice(0, at) + piece + mutated.slice(to);
    }
  }
  return mutated;
}

describe('2,000 mutations of the shipped lesson', () => {
  it('never throw, and every range and every fix lies within the file', async function () {
    this.timeout(120_000);
    const parseSql = await sqlParser();
    const facts = readDatasetFacts(readFileSync(path.join(shipped, 'datasets/shop.sql'), 'utf8'), parseSql);
    const context: LintContext = {
      lessons: new Map(),
      list: () => ['01-a.md', 'x.md'],
      dataset: (name) => (name === 'shop' ? facts : undefined),
      datasets: ['shop'],
      parseSql,
    };
    let found = 0;
    for (let seed = 1; seed <= 2000; seed++) {
      const source = mutate(lesson, random(seed));
      const file = new LessonFile('tutorials/01-a.md', source);
      const problems = lintLesson(file, context);
      found += problems.length;
      const lines = new Lines(normalizeText(source));
      const isInside = (line: number, character: number): boolean =>
        line >= 0 && line < lines.count && character >= 0 && character <= lines.line(line).length;
      for (const { range, fixes, code, message } of problems) {
        const where = `seed ${seed}: ${code}: ${message} ${JSON.stringify(range)}`;
        assert.ok(Object.hasOwn(RULES, code), where);
        for (const each of [range, ...(fixes ?? []).flatMap(({ edits }) => edits.map((edit) => edit.range))]) {
          assert.ok(isInside(each.startLine, each.startCharacter) && isInside(each.endLine, each.endCharacter), where);
          assert.ok(
            each.startLine < each.endLine ||
              (each.startLine === each.endLine && each.startCharacter <= each.endCharacter),
            where,
          );
        }
      }
      const read = file.lesson('Tutorials');
      const ids = read?.outline.map(({ id }) => id) ?? [];
      for (const { id, title, points, line } of read?.exercises ?? []) {
        const head = read?.outline.find((each) => each.id === id);
        assert.deepEqual({ ...head }, { id, title, points, line }, `seed ${seed}: outline has ${ids.join()}`);
      }
    }
    assert.ok(found > 1000, `mutations make mistakes (${found})`);
  });

  it('have the blocks that markdown-it sees', function () {
    this.timeout(60_000);
    for (let seed = 1; seed <= 500; seed++) {
      const text = normalizeText(mutate(lesson.slice(1500), random(seed)));
      const tokens = markdown().parse(text, {});
      const seen = tokens.flatMap((token) =>
        token.type === 'fence' && token.level === 0 ? [`${token.map![0]} ${token.info} ${token.content}`] : [],
      );
      const own = blocksOf(text).flatMap((block) =>
        block.type === 'fence' && block.top ? [`${block.line} ${block.info} ${block.text}`] : [],
      );
      assert.deepEqual(own, seen, `seed ${seed}`);
      const headings = tokens.flatMap((token) =>
        token.type === 'heading_open' ? [`${token.map![0]} ${token.tag}`] : [],
      );
      assert.deepEqual(
        blocksOf(text).flatMap((block) => (block.type === 'heading' ? [`${block.line} h${block.level}`] : [])),
        headings,
        `seed ${seed}`,
      );
    }
  });

  it('have the YAML that the parser reads', function () {
    this.timeout(60_000);
    const found = [whole, readFileSync(path.join(repoRoot, 'docs/lesson-format.md'), 'utf8')].flatMap((text) =>
      blocksOf(text).flatMap((block) =>
        block.type === 'fence' && block.info.startsWith('yaml')
          ? [block.text.startsWith('- ') ? `expect:\n${block.text}` : block.text]
          : [],
      ),
    );
    assert.ok(found.length > 10);
    for (const text of found) assert.notEqual(readPlainYaml(text), undefined, text);
    const all = [...found, ...YAML];
    let quick = 0;
    for (let seed = 1; seed <= 4000; seed++) {
      const pick = random(seed);
      const text = normalizeText(mutateYaml(all[pick(all.length)]!, pick));
      const plain = readPlainYaml(text);
      if (plain === undefined) continue;
      quick++;
      const document = parseDocument(text, { prettyErrors: false });
      assert.deepEqual(document.errors, [], `seed ${seed}: ${text}`);
      assert.deepEqual(plain, document.toJS(), `seed ${seed}: ${text}`);
    }
    assert.ok(quick > 700, `the quick way is taken (${quick})`);
  });
});

describe('files from anywhere', () => {
  const lint = (source: string) => {
    const context: LintContext = { lessons: new Map(), list: () => undefined, dataset: () => undefined, datasets: [] };
    return lintLesson(new LessonFile('a/b.md', source), context).map(({ code }) => code);
  };
  const exercise = (yaml: string): string =>
    `---\nid: a\ntitle: A\nkind: resource\nminutes: 5\n---\n\`\`\`yaml exercise\n${yaml}\n\`\`\`\n`;

  it('cannot blow up by aliases', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let level = 0; level < 20; level++) {
      const [name, before] = [String.fromCharCode(98 + level), String.fromCharCode(97 + level)];
      bomb.push(`${name}: &${name} [*${before}, *${before}, *${before}, *${before}, *${before}, *${before}]`);
    }
    assert.deepEqual(lint(exercise(bomb.join('\n'))), ['invalid-yaml']);
  });

  it('cannot overflow the stack by nesting, nor take time by the square of their length', () => {
    assert.deepEqual(lint(exercise(`expect: ${'['.repeat(20_000)}`)).slice(0, 1), ['invalid-yaml']);
    const keys = Array.from({ length: 60_000 }, (_, at) => `key${at}: 1`).join('\n');
    assert.deepEqual(lint(exercise(keys)), ['invalid-yaml']);
  });

  it('cannot reach prototypes', () => {
    const codes = lint(exercise('id: x\n__proto__: { polluted: 1 }\nconstructor: 1\nexpect: [{ data: unchanged }]'));
    assert.ok(codes.filter((code) => code === 'unknown-key').length >= 1);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });
});
