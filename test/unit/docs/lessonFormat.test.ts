/** docs/lesson-format.md is made from the schemas, the roles, the masks and the lint's rules: `BLESS=1` writes it anew. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { typeOf } from '../../../src/course/author/describe';
import { ROLES } from '../../../src/course/author/roles';
import { allowedValues, variants } from '../../../src/course/author/schemaPaths';
import { jsonSchema, type JsonSchema } from '../../../src/course/jsonSchema';
import { RULES } from '../../../src/course/lint/rules';
import { SECTIONS } from '../../../src/course/lint/sections';
import { MASKS } from '../../../src/course/output';
import { KINDS, LESSON_KINDS } from '../../../src/course/schema';

const docs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'docs', 'lesson-format.md');

const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ').trim() || '–';
const code = (text: string): string => (text === '' ? '–' : text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map((row) => line(row.map(cell)))].join('\n');
}

/** One line of YAML. */
function example(schema: JsonSchema): string {
  const value = schema.examples?.[0];
  return value === undefined
    ? ''
    : stringify(value, { collectionStyle: 'flow', lineWidth: 0, singleQuote: true }).trim();
}

/** The keys of a map and of the maps in it: `reads.*.by`. */
function keys(root: JsonSchema, schema: JsonSchema, prefix = '', depth = 0): string[][] {
  if (depth > 6) return [];
  return variants(root, schema).flatMap((each) => [
    ...Object.entries(each.properties ?? {}).flatMap(([name, value]) => [
      [
        code(prefix + name),
        valueOf(root, value) + (each.required?.includes(name) ? '' : ', optional'),
        words(root, value),
        code(example(value)),
      ],
      ...keys(root, value, `${prefix}${name}.`, depth + 1),
    ]),
    ...(typeof each.additionalProperties === 'object'
      ? keys(root, each.additionalProperties, `${prefix}*.`, depth + 1)
      : []),
    ...(typeof each.items === 'object' ? keys(root, each.items, prefix.replace(/\.$/, '[].'), depth + 1) : []),
  ]);
}

/** Its type, and what it may be where that is a short list. */
function valueOf(root: JsonSchema, schema: JsonSchema): string {
  const allowed = allowedValues(variants(root, schema)).map(({ text: value }) => value);
  const few = allowed.length > 0 && allowed.length <= 8 && allowed.join() !== 'true,false';
  return typeOf(root, schema).replace('one of', few ? allowed.map(code).join(', ') : 'one of many');
}

function words(root: JsonSchema, schema: JsonSchema): string {
  return schema.description ?? variants(root, schema).find(({ description }) => description)?.description ?? '';
}

const KEY_HEAD = ['key', 'value', 'meaning', 'example'];

/** The schema of one kind of expectation. */
function kindSchema(exercise: JsonSchema, name: string): JsonSchema {
  const expect = exercise.properties?.['expect'];
  const items = expect && variants(exercise, expect).map((each) => each.items);
  for (const item of items ?? []) {
    if (typeof item !== 'object') continue;
    for (const kind of variants(exercise, item)) {
      const found = kind.properties?.[name];
      if (found) return found;
    }
  }
  throw new Error(`The exercise schema has no kind ${name}.`);
}

/** What may stand beside every kind. */
function besideKind(exercise: JsonSchema): string[][] {
  const expect = exercise.properties?.['expect'];
  const item = expect && variants(exercise, expect)[0]?.items;
  const first = typeof item === 'object' ? variants(exercise, item)[0] : undefined;
  return Object.entries(first?.properties ?? {})
    .filter(([name]) => !KINDS.some((kind) => kind.name === name))
    .map(([name, value]) => [
      code(name),
      `${typeOf(exercise, value)}, optional`,
      words(exercise, value),
      code(example(value)),
    ]);
}

function text(): string {
  const course = jsonSchema('course');
  const lesson = jsonSchema('lesson');
  const exercise = jsonSchema('exercise');
  const own = keys(exercise, { ...exercise, properties: { ...exercise.properties } }).filter(
    ([name = '']) => !/^`expect\[\]/.test(name),
  );
  const kinds = KINDS.map((kind) => {
    const schema = kindSchema(exercise, kind.name);
    const rows = keys(exercise, schema);
    return [
      `### ${kind.name}`,
      words(exercise, schema),
      `\`\`\`yaml\n${kind.example.trimEnd()}\n\`\`\``,
      ...(rows.length > 0 ? [table(KEY_HEAD, rows)] : []),
    ].join('\n\n');
  });
  return `${[
    '# Lesson format',
    'Made from the code by `BLESS=1` on test/unit/docs/lessonFormat.test.ts; [authoring.md](authoring.md) tells how to use it.',
    '## course.yaml',
    table(KEY_HEAD, keys(course, course)),
    '## Front matter of a lesson',
    table(KEY_HEAD, keys(lesson, lesson)),
    '## Sections',
    'Headings that a lesson of each `kind` has, of any level and in any case. A missing one is the warning `missing-section`; others may stand between them.',
    table(
      ['kind', 'sections'],
      LESSON_KINDS.map((kind) => [code(kind), SECTIONS[kind]?.join(', ') ?? 'as you like']),
    ),
    '## Blocks',
    'A block’s role is the word behind the language. Other blocks are plain code.',
    table(
      ['block', 'meaning'],
      ROLES.map(({ language, role, label, description }) => [
        `\`\`\`\` \`\`\`${language} ${role}${label === undefined ? '' : ` "${label}"`} \`\`\`\``,
        description,
      ]),
    ),
    '## Masks',
    'What `text output masking …` leaves out, also behind versions: `text output on 16-18 masking times`. `…` in the block stands for anything within a line, alone on a line for any number of lines.',
    table(
      ['mask', 'covers'],
      Object.entries(MASKS).map(([name, { covers }]) => [code(name), covers]),
    ),
    '## An exercise',
    table(KEY_HEAD, own),
    '## Expectations',
    table(
      ['kind', 'holds when'],
      KINDS.map(({ name, summary }) => [`[${name}](#${name})`, summary]),
    ),
    'Beside the kind may stand:',
    table(KEY_HEAD, besideKind(exercise)),
    ...kinds,
    '## Problems',
    'What the editor and `pg-lessons lint` report.',
    table(
      ['code', '', 'meaning', 'example'],
      Object.entries(RULES).map(([name, rule]) => [
        code(name),
        rule.severity,
        rule.summary,
        code(rule.example.replaceAll('\n', ' ⏎ ')),
      ]),
    ),
  ].join('\n\n')}\n`;
}

describe('docs/lesson-format.md', () => {
  it('is what the code says', () => {
    const wanted = text();
    if (process.env['BLESS']) writeFileSync(docs, wanted);
    assert.equal(readFileSync(docs, 'utf8'), wanted, 'BLESS=1 writes it anew');
  });

  it('describes every key', () => {
    const rows = text()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    assert.ok(rows.length > 100);
    for (const row of rows) assert.doesNotMatch(row, /^\| `[^|]*\| [^|]*\| – \|/, row);
  });
});
