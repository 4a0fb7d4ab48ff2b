import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCases } from './formatCases.mjs';
import { pack } from './pack.mjs';

/** JSON twice, first and last: where both are the same, so is what lies between. */
const FORMATS = ['JSON', 'TEXT', 'YAML', 'XML', 'JSON'];
const TRIES = 8;

/** Captures what the server can show; the rest is left out. */
export async function captureFormats(server, to, only) {
  const captured = {};
  const varying = [];
  for (const test of formatCases) {
    const { name, from = 0, to: last = Infinity } = test;
    if (server.major < from || server.major > last || (test.native && !server.native)) continue;
    if (only !== undefined && only !== name) continue;
    try {
      const { formats, repeats } = await oneCase(server, test);
      captured[name] = { options: test.options, sql: test.sql, ...(repeats ? {} : { repeats }), ...formats };
      if (!repeats) varying.push(name);
    } catch (error) {
      console.error(`${server.name} ${name}: ${error.message}`);
      process.exitCode = 1;
    }
  }
  if (only === undefined) {
    mkdirSync(join(to, 'formats'), { recursive: true });
    writeFileSync(join(to, 'formats', `${server.name}.json.gz`), pack(captured));
  } else console.log(JSON.stringify(captured, null, 1).replaceAll('\\n', '\n'));
  console.log(
    `${server.name}: ${Object.keys(captured).length} plans in four formats; not repeatable: ${varying.join(', ') || 'none'}`,
  );
}

/** Again until all formats show the same figures. */
async function oneCase(server, test) {
  for (let attempt = 1; ; attempt++) {
    const texts = [];
    let session = test.cold ? undefined : await server.connect();
    for (const format of FORMATS) {
      if (test.prepare !== undefined) await prepare(server, test.prepare);
      if (test.cold) {
        await server.restart();
        session = await server.connect();
      }
      texts.push(await explain(session, server, test, format));
      if (test.cold) await session.end();
    }
    if (!test.cold) await session.end();
    if (test.prepare !== undefined) await prepare(server, test.prepare);
    const [json, text, yaml, xml, again] = texts;
    const repeats = json === again && !test.races;
    if (repeats || test.races || attempt === TRIES) return { formats: { json, text, yaml, xml }, repeats };
  }
}

/** What cannot stand in a transaction: puts a table that is written to back as it was. */
async function prepare(server, statements) {
  const { run, end } = await server.connect();
  for (const statement of statements.split('; ')) await run(statement);
  await end();
}

async function explain({ run }, server, { sql, options, set, setFrom, before, unwarmed, cold }, format) {
  await run('BEGIN');
  try {
    for (const [key, value] of Object.entries(set)) await run(`SET LOCAL ${key} = '${value.replaceAll("'", "''")}'`);
    if (setFrom !== undefined) {
      const since = Math.max(
        ...Object.keys(setFrom)
          .map(Number)
          .filter((major) => major <= server.major),
      );
      await run(`SET LOCAL ${setFrom[since]} = on`);
    }
    if (before !== undefined) await run(before);
    const statement = `EXPLAIN (${[options, `FORMAT ${format}`].filter((part) => part !== '').join(', ')}) ${sql}`;
    if (!unwarmed && !cold) {
      await run('SAVEPOINT warm');
      await run(statement);
      await run('ROLLBACK TO warm');
    }
    return (await run(statement)).map(([cell]) => cell).join('\n');
  } finally {
    await run('ROLLBACK');
  }
}
