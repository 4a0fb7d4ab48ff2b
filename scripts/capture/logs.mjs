import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logged } from './formatCases.mjs';

/** What auto_explain writes to the server's log, one file a format. */
export async function captureLogs(server, to) {
  mkdirSync(join(to, 'logs'), { recursive: true });
  for (const format of ['json', 'text', 'yaml', 'xml']) {
    const { run, end } = await server.connect();
    await run('BEGIN');
    for (const sql of logged) {
      await run('SAVEPOINT warm');
      await run(sql);
      await run('ROLLBACK TO warm');
    }
    const settings = {
      log_min_duration: '0',
      log_analyze: 'on',
      log_buffers: 'on',
      log_triggers: 'on',
      log_format: format,
    };
    await run(`LOAD 'auto_explain'`);
    for (const [key, value] of Object.entries(settings)) await run(`SET auto_explain.${key} = '${value}'`);
    const from = server.logSize();
    for (const sql of logged) {
      await run('SAVEPOINT once');
      await run(sql);
      await run('ROLLBACK TO once');
    }
    await run('ROLLBACK');
    writeFileSync(join(to, 'logs', `${server.name}.${format}.log`), server.logSince(from));
    await end();
  }
}
