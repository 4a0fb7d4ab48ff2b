import assert from 'node:assert/strict';
import { lessonsOf } from '../../../src/course/lesson';
import { loadCourse, type CourseFiles } from '../../../src/course/load';
import type { Database, Engine } from '../../../src/database/engine';
import { CancelledError } from '../../../src/shared/errors';
import { SqlError, type Field, type Result, type Session } from '../../../src/sql/session';
import { expectationRanges } from '../../../src/verify/expectations';
import type { Proof } from '../../../src/verify/proof';
import { bareLines, printed, printedError } from '../../../src/verify/transcript';
import { verifyLesson } from '../../../src/verify/verifyLesson';

const INT = 23;
const TEXT = 25;

function result(fields: readonly Field[], rows: Result['rows'], command = 'SELECT', rowCount = rows.length): Result {
  return { command, fields, rows, rowCount, truncated: false, durationMs: 0 };
}

describe('verify: what psql prints', () => {
  it('a table: names centred, numbers right, NULL empty, lines of a cell, wide characters', () => {
    const fields = [
      { name: 'id', type: INT },
      { name: 'a longer name', type: TEXT },
    ];
    const rows = [
      ['1', 'x'],
      ['1000', 'two\nlines'],
      [null, '日本'],
    ];
    // psql 15's own output
    assert.equal(
      printed(result(fields, rows)),
      [
        '  id  | a longer name',
        '------+---------------',
        '    1 | x',
        ' 1000 | two          +',
        '      | lines',
        '      | 日本',
        '(3 rows)',
      ].join('\n'),
    );
    assert.match(printed(result(fields, [['1', '']])), /\(1 row\)$/);
  });

  it('command tags and errors', () => {
    assert.equal(printed(result([], [], 'INSERT', 3)), 'INSERT 0 3');
    assert.equal(printed(result([], [], 'UPDATE', 0)), 'UPDATE 0');
    assert.equal(printed({ ...result([], [], 'CREATE INDEX'), rowCount: null }), 'CREATE INDEX');
    assert.equal(
      bareLines(result([{ name: 'QUERY PLAN', type: TEXT }], [['Seq Scan on t'], ['  Filter: a']])),
      'Seq Scan on t\n  Filter: a',
    );
    const error = new SqlError({ message: 'no', code: '42P01', detail: 'd', hint: 'h' });
    assert.equal(printedError(error), 'ERROR:  no\nDETAIL:  d\nHINT:  h');
  });
});

const FENCE = '```';
const lessonText = (body: string, front = ''): string =>
  `---\nid: one\ntitle: One\nkind: resource\nminutes: 5\n${front}---\n${body.replaceAll('~~~', FENCE)}`;

async function load(text: string): Promise<{
  course: NonNullable<Awaited<ReturnType<typeof loadCourse>>['course']>;
  files: CourseFiles;
}> {
  const contents: Record<string, string> = {
    'course.yaml': 'id: c\ntitle: C\nsections:\n  - { folder: s, title: S }\n',
    's/01.md': text,
    'datasets/d.sql': 'CREATE TABLE t (a int);\nnonsense;\n',
  };
  const files: CourseFiles = {
    read: (path) =>
      contents[path] === undefined ? Promise.reject(new Error(`no ${path}`)) : Promise.resolve(contents[path]),
    list: (folder) =>
      Promise.resolve(
        Object.keys(contents)
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1)),
      ),
  };
  const { course } = await loadCourse(files);
  assert.ok(course);
  return { course, files };
}

/** An engine whose databases answer as told; counts those that are open. */
function fakeEngine(
  answer: (sql: string, signal?: AbortSignal) => Promise<Result>,
): Engine & { open_: number; ran: string[] } {
  const unused = (): never => assert.fail('verify uses throwaway databases only');
  const engine = {
    kind: 'server' as const,
    label: 'fake',
    open_: 0,
    ran: [] as string[],
    open: unused,
    reset: unused,
    scratch: (spec: { dataset?: { sql: string } | undefined }): Promise<Database> => {
      if (spec.dataset?.sql.includes('nonsense'))
        return Promise.reject(
          new SqlError({ message: 'syntax error', code: '42601', offset: spec.dataset.sql.indexOf('nonsense') }),
        );
      engine.open_++;
      let transaction: Session['transaction'] = 'idle';
      const session: Session = {
        run: async (sql, options) => {
          engine.ran.push(sql);
          if (sql === 'BEGIN') transaction = 'open';
          if (sql === 'ROLLBACK') transaction = 'idle';
          try {
            return await answer(sql, options?.signal);
          } catch (error) {
            if (transaction === 'open') transaction = 'failed';
            throw error;
          }
        },
        get transaction() {
          return transaction;
        },
      };
      return Promise.resolve({
        serverVersion: 180000,
        session,
        outdated: false,
        fresh: (work) => work(session),
        onDidRestart: () => ({ dispose: () => undefined }),
        closed: false,
        close: () => {
          engine.open_--;
          return Promise.resolve();
        },
      });
    },
    dispose: () => Promise.resolve(),
  };
  return engine;
}

async function proofs(text: string, engine: Engine, only?: string, signal?: AbortSignal): Promise<Proof[]> {
  const { course, files } = await load(text);
  const [lesson] = lessonsOf(course);
  assert.ok(lesson);
  const all: Proof[] = [];
  const options = { engine, course, lesson, files, ...(only !== undefined && { only }), ...(signal && { signal }) };
  for await (const proof of verifyLesson(options)) all.push(proof);
  return all;
}

const one = result([{ name: 'n', type: INT }], [['1']]);
const plan = result(
  [{ name: 'QUERY PLAN', type: TEXT }],
  [['Result  (cost=0.00..0.01 rows=1 width=4)'], ['Planning Time: 0.04 ms']],
);

/** Answers SELECT with one row, EXPLAIN with a plan, `fail` with an error, anything else with its tag. */
const answers = (sql: string): Promise<Result> => {
  if (sql.includes('fail')) return Promise.reject(new SqlError({ message: 'division by zero', code: '22012' }));
  if (sql.startsWith('EXPLAIN')) return Promise.resolve(plan);
  if (sql.startsWith('SELECT')) return Promise.resolve(one);
  return Promise.resolve({ ...result([], [], sql), rowCount: null });
};

describe('verify: examples and their output', () => {
  const check = async (run: string, output: string): Promise<Proof | undefined> => {
    const engine = fakeEngine(answers);
    const [proof, ...more] = await proofs(
      lessonText(`~~~sql run\n${run}\n~~~\n\n~~~text output\n${output}\n~~~\n`),
      engine,
    );
    assert.deepEqual(more, []);
    assert.equal(engine.open_, 0);
    return proof;
  };

  it('rows as psql prints them', async () => {
    const proof = await check('SELECT 1 AS n;', ' n\n---\n 1\n(1 row)');
    assert.deepEqual(
      [proof?.status, proof?.name, proof?.subject.kind, proof?.subject.id],
      ['passed', 'prints its output', 'output', 'run-1'],
    );
  });

  it('other rows: the difference, at the output’s line', async () => {
    const proof = await check('SELECT 1 AS n;', ' n\n---\n 2\n(1 row)');
    assert.equal(proof?.status, 'failed');
    assert.equal(proof.line, 10);
    assert.match(proof.expected ?? '', /\n 2\n/);
    assert.match(proof.seen ?? '', /\n 1\n/);
  });

  it('EXPLAIN: its lines, or psql’s frame', async () => {
    const lines = 'Result  (cost=0.00..0.01 rows=1 width=4)\nPlanning Time: 0.04 ms';
    assert.equal((await check('EXPLAIN SELECT 1;', lines))?.status, 'passed');
    assert.equal((await check('EXPLAIN SELECT 1;', lines.replace('0.04', '0.05')))?.status, 'failed');
    assert.equal((await check('EXPLAIN SELECT 1;', `${lines.split('\n')[0]}\n…`))?.status, 'passed');
    assert.equal((await check('EXPLAIN SELECT 1;', printed(plan)))?.status, 'passed');
  });

  it('the plan of a plain query, as Explain shows it', async () => {
    const engine = fakeEngine(answers);
    const text = lessonText(
      '~~~sql run\nSELECT 1;\n~~~\n~~~text output\nResult  (cost=0.00..0.01 rows=1 width=4)\n…\n~~~\n',
    );
    assert.equal((await proofs(text, engine))[0]?.status, 'passed');
    assert.ok(engine.ran.includes('EXPLAIN (BUFFERS off) SELECT 1'));
    assert.equal(engine.ran.at(-1), 'ROLLBACK');
  });

  it('a plan that a server with more cores would make in parallel: as checks make it', async () => {
    const engine = fakeEngine((sql) =>
      sql.startsWith('EXPLAIN') && !engine.ran.at(-2)?.includes('jit')
        ? Promise.resolve(result([{ name: 'QUERY PLAN', type: TEXT }], [['Gather  (cost=0.00..0.01 rows=1 width=4)']]))
        : answers(sql),
    );
    const output = 'Result  (cost=0.00..0.01 rows=1 width=4)\n…';
    const text = lessonText(`~~~sql run\nSELECT 1;\n~~~\n~~~text output\n${output}\n~~~\n`);
    assert.equal((await proofs(text, engine))[0]?.status, 'passed');
  });

  it('what other versions print is skipped; the example runs all the same', async () => {
    const of = async (versions: string, run: string, output = 'x'): Promise<Proof | undefined> => {
      const text = lessonText(`~~~sql run\n${run}\n~~~\n~~~text output on ${versions}\n${output}\n~~~\n`);
      return (await proofs(text, fakeEngine(answers)))[0];
    };
    const skipped = await of('14-17', 'SELECT 1;');
    assert.deepEqual(
      [skipped?.status, skipped?.message],
      ['skipped', 'It is what PostgreSQL 14-17 prints; this is 18.'],
    );
    assert.equal((await of('17+', 'SELECT 1;'))?.status, 'failed');
    assert.equal((await of('17+', 'SELECT 1;', ' n\n---\n 1\n(1 row)'))?.status, 'passed');
    assert.match((await of('14-17', 'SELECT fail;'))?.message ?? '', /The example fails: division by zero/);
    assert.equal((await of('14-17', 'SELECT fail;', 'ERROR:  another one'))?.status, 'skipped');
  });

  it('several statements: all that psql prints, or the rows alone', async () => {
    const run = 'BEGIN;\nSELECT 1;\nROLLBACK;';
    const rows = ' n\n---\n 1\n(1 row)\n';
    assert.equal((await check(run, rows))?.status, 'passed');
    assert.equal((await check(run, `BEGIN\n${rows}ROLLBACK`))?.status, 'passed');
    assert.equal((await check(run, `BEGIN\n${rows}\nROLLBACK`))?.status, 'passed');
    assert.equal((await check(run, `BEGIN\n${rows}COMMIT`))?.status, 'failed');
  });

  it('an error that is meant, with psql’s pointer or without; one that is not', async () => {
    assert.equal((await check('SELECT fail;', 'ERROR:  division by zero'))?.status, 'passed');
    assert.equal(
      (await check('SELECT fail;', 'ERROR:  division by zero\nLINE 1: SELECT fail;\n               ^'))?.status,
      'passed',
    );
    const engine = fakeEngine(answers);
    const [proof] = await proofs(lessonText('~~~sql run\nBEGIN;\nSELECT fail;\n~~~\n'), engine);
    assert.match(proof?.message ?? '', /The example fails: division by zero/);
    assert.equal(engine.ran.at(-1), 'ROLLBACK');
  });

  it('an example without an output that runs is no news; what stands before the one that is asked for is run', async () => {
    const text = lessonText(
      '~~~sql run\nSELECT 1;\n~~~\n~~~sql run\nSELECT 2;\n~~~\n~~~text output\nx\n~~~\n~~~sql run\nSELECT 3;\n~~~\n',
    );
    assert.deepEqual(
      (await proofs(text, fakeEngine(answers))).map(({ subject }) => subject.id),
      ['run-2'],
    );
    const engine = fakeEngine(answers);
    assert.equal((await proofs(text, engine, 'run-2')).length, 1);
    assert.deepEqual(engine.ran, ['SELECT 1', 'SELECT 2']);
    assert.deepEqual(await proofs(text, fakeEngine(answers), 'run-9'), []);
  });
});

const EXERCISE = `
~~~sql run
SELECT 1;
~~~

### Find it

~~~yaml exercise
id: find-it
expect:
  - rows: { columns: true }
  - state:
      query: SELECT true
      message: No.
~~~
~~~sql starter
SELECT 0;
~~~
~~~sql solution
SELECT 1;
~~~
`;

describe('verify: a lesson', () => {
  it('a data set that does not load is said of every part', async () => {
    const all = await proofs(lessonText(EXERCISE, 'dataset: d\n'), fakeEngine(answers));
    assert.deepEqual(
      all.map(({ subject, name, status }) => [subject.id, name, status]),
      [['find-it', 'the data set loads', 'failed']],
    );
    assert.match(all[0]?.message ?? '', /“d” does not load: syntax error \(datasets\/d\.sql, line 2\)/);
    const [missing] = await proofs(lessonText(EXERCISE, 'dataset: e\n'), fakeEngine(answers));
    assert.match(missing?.message ?? '', /“e” cannot be read: no datasets\/e\.sql/);
  });

  it('a need that is not met: skipped, with the reason', async () => {
    const [proof] = await proofs(lessonText(EXERCISE, 'needs: [replication]\n'), fakeEngine(answers));
    assert.deepEqual(
      [proof?.status, proof?.message],
      ['skipped', 'The lesson needs replication, which fake cannot give.'],
    );
    const none = (): Promise<Result> => Promise.resolve(result([], []));
    const engine = fakeEngine(none);
    const [extension] = await proofs(lessonText(EXERCISE, 'needs: ["extension:hypopg"]\n'), engine);
    assert.equal(extension?.message, 'fake does not have the extension hypopg.');
    assert.equal(engine.open_, 0);
  });

  it('an abort is thrown, and leaves no database open', async () => {
    const abort = new AbortController();
    const engine = fakeEngine((_, signal) => {
      abort.abort();
      return signal?.aborted === true ? Promise.reject(new CancelledError()) : Promise.resolve(one);
    });
    await assert.rejects(proofs(lessonText(EXERCISE), engine, undefined, abort.signal), CancelledError);
    assert.equal(engine.open_, 0);
    await assert.rejects(proofs(lessonText(EXERCISE), engine, undefined, AbortSignal.abort()), CancelledError);
  });

  it('the ranges of expectations', async () => {
    const { course } = await load(lessonText(EXERCISE));
    const lesson = lessonsOf(course)[0]!;
    const lines = lesson.source.split('\n');
    const ranges = expectationRanges(lesson.source, lesson.exercises[0]!);
    const texts = ranges.map((range) => {
      assert.equal(range.startLine, range.endLine);
      return lines[range.startLine]?.slice(range.startCharacter, range.endCharacter);
    });
    assert.deepEqual(texts, ['rows', 'state']);
  });
});
