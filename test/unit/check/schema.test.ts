import assert from 'node:assert/strict';
import { parse } from 'yaml';
import * as z from 'zod';
import {
  courseSchema,
  EXPECTATION_KINDS,
  exerciseSchema,
  expectationSchema,
  frontMatterSchema,
  KINDS,
  NODE_TYPES,
  quizAnswer,
} from '../../../src/course/schema';

interface Json {
  readonly properties?: Readonly<Record<string, Json>>;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly additionalProperties?: boolean | Json;
  readonly items?: Json;
  readonly anyOf?: readonly Json[];
}

const json = (schema: z.ZodType): Json =>
  z.toJSONSchema(schema, {
    io: 'input',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  }) as Json;

/** Every key of a schema with its path. */
function* keys(schema: Json, path = ''): Generator<[string, Json]> {
  for (const [name, value] of Object.entries(schema.properties ?? {})) {
    yield [`${path}.${name}`, value];
    yield* keys(value, `${path}.${name}`);
  }
  if (typeof schema.additionalProperties === 'object') yield* keys(schema.additionalProperties, `${path}.*`);
  if (schema.items) yield* keys(schema.items, `${path}[]`);
  for (const option of schema.anyOf ?? []) yield* keys(option, path);
}

const expectation = (text: string) => expectationSchema.safeParse(parse(text));
const messages = (text: string): string => {
  const { error } = expectation(text);
  const flat = (issues: readonly z.core.$ZodIssue[]): string[] =>
    issues.flatMap((issue) => [issue.message, ...(issue.code === 'invalid_union' ? issue.errors.flatMap(flat) : [])]);
  return flat(error?.issues ?? []).join('\n');
};

describe('the schema', () => {
  for (const [name, schema] of Object.entries({ courseSchema, frontMatterSchema, exerciseSchema })) {
    it(`describes every key of ${name}, with an example`, () => {
      const all = [...keys(json(schema))];
      assert.ok(all.length > 3);
      for (const [path, { description = '', examples = [] }] of all) {
        assert.match(description, /^[A-Z`].*[.…]$/s, `${path} has no sentence`);
        assert.ok(examples.length > 0, `${path} has no example`);
      }
    });
  }

  it('takes the examples of every key that are whole values of a kind', () => {
    for (const [kind, schema] of Object.entries(EXPECTATION_KINDS)) {
      for (const [path, { examples = [] }] of keys(json(schema))) {
        const steps = path.slice(1).split(/[.]/);
        if (steps.length !== 1 || path.includes('*') || path.includes('[]')) continue;
        const [key = ''] = steps;
        for (const example of examples) {
          const whole = expectationSchema.safeParse({ [kind]: { ...BASE[kind], [key]: example } });
          assert.ok(whole.success, `${kind}.${key}: ${JSON.stringify(example)}: ${whole.error?.message ?? ''}`);
        }
      }
      for (const example of schema.meta()?.['examples'] as unknown[])
        assert.ok(schema.safeParse(example).success, `${kind}: ${JSON.stringify(example)}`);
    }
  });

  it('lists every kind once, with an example that parses', () => {
    assert.deepEqual(KINDS.map(({ name }) => name).sort(), Object.keys(EXPECTATION_KINDS).sort());
    for (const { name, summary, example } of KINDS) {
      const [item, ...others] = parse(example) as Record<string, unknown>[];
      assert.deepEqual([others, Object.hasOwn(item ?? {}, name)], [[], true]);
      assert.ok(expectationSchema.safeParse(item).success, name);
      assert.match(summary, /^[A-Z][^\n]*\.$/);
    }
  });

  const short: [string, unknown][] = [
    ['rows:', { rows: { columns: false, types: false, tolerance: 0, variant: false } }],
    ['rows: { order: id }', { rows: { order: ['id'], columns: false, types: false, tolerance: 0, variant: false } }],
    [
      'plan: { buffers: 100, parameters: [1, [2]] }',
      { plan: { buffers: { 'at-most': 100 }, parameters: [[1], [2]], generic: false } },
    ],
    [
      'plan: { reads: { a: [seq, index] }, joins: hash }',
      { plan: { reads: { a: { by: ['seq', 'index'] } }, joins: [{ method: ['hash'] }], generic: false } },
    ],
    [
      'plan: { workers: none, sorts: none, estimate: 3 }',
      { plan: { workers: 0, sorts: { 'at-most': 0 }, estimate: { 'at-most': 3 }, generic: false } },
    ],
    [
      "index: orders (a, f(b, 'x,y'), (c->>'k') desc)",
      {
        index: {
          table: 'orders',
          on: ['a', "f(b, 'x,y')", "(c->>'k') desc"],
          prefix: false,
          valid: true,
          absent: false,
        },
      },
    ],
    ['table: orders', { table: { name: 'orders', absent: false } }],
    [
      'choice: { options: { a: A, 2: B }, right: 2 }',
      { choice: { options: { '2': { text: 'B' }, a: { text: 'A' } }, right: ['2'] } },
    ],
  ];
  for (const [text, value] of short) it(`takes ${text}`, () => assert.deepEqual(expectation(text).data, value));

  const wrong: [string, RegExp][] = [
    ['plan: { uses: [Hashjoin] }', /did you mean Hash Join/],
    ['plan: { uses: [Teapot] }', /“Teapot” is none/],
    ['plan: { query: SELECT 1 }', /needs a fact that must hold/],
    ['plan: { buffers: 2 x solutions }', /1\.5 x solution/],
    ['plan: { reads: { a: idx } }', /must be seq, index/],
    ['setting: { name: work_mem }', /needs value, at-least/],
    ['setting: { name: work_mem, value: 1, role: me }', /role only with scope/],
    ['index: { table: orders }', /needs on, name/],
    ['index: orders', /must be such as "orders \(customer_id/],
    ['answer: { tolerance: 1 }', /needs query, plan or accept/],
    ['choice: { options: { a: A, b: B }, right: c }', /“c” is none/],
    ['choice: { options: { a: A }, right: a }', /at least two/],
    ['checklist: { items: {} }', /at least one/],
    ['{ rows: {}, points: -1 }', />=0/],
    ['rows: { tolerance: 1 percent }', /percentage/],
  ];
  for (const [text, message] of wrong) it(`refuses ${text}`, () => assert.match(messages(text), message));

  it('has a quiz alone in its exercise, and an answer on a line of its own', () => {
    const issues = (expect: string): string =>
      JSON.stringify(exerciseSchema.safeParse({ id: 'a', expect: parse(expect) as unknown }).error?.issues ?? []);
    assert.match(
      issues('[{ choice: { options: { a: A, b: B }, right: a } }, { data: unchanged }]'),
      /must stand alone/,
    );
    assert.match(issues('[{ answer: { accept: [1] } }, { answer: { accept: [2] } }]'), /a label of its own/);
    assert.equal(issues('[{ answer: { accept: [1] } }, { answer: { accept: [2], label: two } }]'), '[]');
  });

  it('knows the answer of an exercise without SQL', () => {
    const answer = (text: string) => quizAnswer([expectationSchema.parse(parse(text))]);
    assert.equal(answer('choice: { options: { a: A, b: B }, right: [b, a] }'), 'b, a');
    assert.equal(answer('checklist: { items: { x: X, y: Y } }'), 'x, y');
    assert.equal(answer('rows:'), undefined);
  });

  it('knows nodes by the names that EXPLAIN prints', () => {
    for (const type of [
      'Seq Scan',
      'Parallel Hash Left Join',
      'Finalize GroupAggregate',
      'Nested Loop Anti Join',
      'Index Only Scan Backward',
    ])
      assert.ok(NODE_TYPES.includes(type), type);
    assert.equal(new Set(NODE_TYPES).size, NODE_TYPES.length);
  });
});

/** What a kind needs beside the key whose example is tried. */
const BASE: Readonly<Record<string, object>> = {
  plan: { sorts: 'none' },
  state: { query: 'SELECT true', message: 'No.' },
  setting: { name: 'work_mem', value: 1, scope: 'role' },
  index: { table: 'orders', unique: true },
  table: { name: 'orders' },
  answer: { accept: ['x'] },
  choice: { options: { a: 'A', b: 'B', c: 'C' }, right: 'a' },
  checklist: { items: { a: 'A' } },
};
