import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonCases } from './jsonCases.mjs';

/** EXPLAIN's text, on few lines. A newline inside a JSON string is escaped, so each of these stands between tokens. */
const compact = (text) =>
  `${text
    .replace(/\n\s*("Node Type")/g, '\n$1')
    .replace(/\n(?!"Node Type")\s*/g, ' ')
    .trim()}\n`;

/** One file for each case holds EXPLAIN's output and nothing else, its numbers as printed. */
export async function captureJson(server, to, only) {
  const folder = join(to, server.name);
  mkdirSync(folder, { recursive: true });
  const { run, end } = await server.connect();
  for (const { name, sql, settings, options, servers, before } of jsonCases) {
    if (!servers.includes(server.name) || (only !== undefined && only !== name)) continue;
    await run('BEGIN');
    try {
      if (before !== undefined) await run(before);
      for (const [key, value] of Object.entries(settings)) await run(`SET LOCAL ${key} = '${value}'`);
      // Once to warm the caches, so that hit and read are the same at each capture; what it writes is undone.
      await run('SAVEPOINT warm');
      await run(sql);
      await run('ROLLBACK TO warm');
      const [[text]] = await run(`EXPLAIN (${options}) ${sql}`);
      writeFileSync(join(folder, `${name}.json`), compact(text));
    } catch (error) {
      throw new Error(`${server.name} ${name}: ${error.message}`, { cause: error });
    } finally {
      await run('ROLLBACK');
    }
  }
  await end();
  console.log(`${server.name}: JSON`);
}

/** Says which statement made each file. */
export function writeJsonCases(to) {
  const rows = jsonCases.map(({ name, sql, settings, options, before }) => ({ name, sql, options, settings, before }));
  writeFileSync(join(to, 'cases.json'), `${JSON.stringify(rows, null, 1)}\n`);
}
