import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findingsSets } from './findingsCases.mjs';

/** access.json and statement.json: the tables' statements, and of each case its plan, one a line. */
export async function captureFindings(server, to, only) {
  mkdirSync(to, { recursive: true });
  for (const [set, { setup, cases }] of Object.entries(findingsSets(server))) {
    const { run, end } = await server.connect();
    await run('DROP SCHEMA public CASCADE');
    await run('CREATE SCHEMA public');
    for (const statement of setup) await run(statement);
    await run('CHECKPOINT');
    await end();
    const captured = [];
    for (const test of cases) {
      if (only !== undefined && only !== test.name) continue;
      try {
        const { name, sql, settings, options } = test;
        const [[text]] = await captureCase(server, test);
        captured.push(
          `  ${JSON.stringify(name)}: ${JSON.stringify({ sql, settings, options, plan: JSON.parse(text) })}`,
        );
      } catch (error) {
        throw new Error(`${server.name} ${test.name}: ${error.message}`, { cause: error });
      }
    }
    const text = `{\n "setup": ${JSON.stringify(setup)},\n "cases": {\n${captured.join(',\n')}\n }\n}\n`;
    if (only === undefined) writeFileSync(join(to, `${set}.json`), text);
    else if (captured.length > 0) console.log(text);
    console.log(`${server.name}: ${captured.length} plans for the findings, ${set}`);
  }
}

async function captureCase(server, { sql, settings, options, once, cold, checkpoint, locked }) {
  if (cold) await server.restart();
  const { run, end } = await server.connect();
  if (checkpoint) await run('CHECKPOINT');
  const release = locked ? await lock(server) : undefined;
  await run('BEGIN');
  try {
    for (const [key, value] of Object.entries(settings)) await run(`SET LOCAL ${key} = '${value}'`);
    const explain = `EXPLAIN (${options}) ${sql}`;
    if (!once && !locked && /^(?:SELECT|WITH)/.test(sql)) await run(explain);
    return await run(explain);
  } finally {
    await run('ROLLBACK');
    await release?.();
    await end();
  }
}

/** @returns waits until the rows are free again */
async function lock(server) {
  const { run, end } = await server.connect();
  await run('BEGIN');
  await run(`UPDATE customers SET note = 'x' WHERE id IN (1, 2)`);
  const freed = delay(400).then(() => run('ROLLBACK'));
  return async () => {
    await freed;
    await end();
  };
}
