/**
 * Captures the fixtures of test/unit/plan from real servers (Linux x64, npm, a C compiler; as root, a user `postgres`):
 *   node scripts/capture-plans.mjs [--what json,formats,logs,findings] [--servers pg14,pg15,pg16,pg17,pg18,pglite] [--only CASE] [--to DIR]
 * json (15 s) makes pg15/, pglite/ and cases.json: one JSON plan a file; PG_BIN (/usr/lib/postgresql/15/bin) is its 15, since
 * the packages have no JIT. formats (4 min) makes formats/: four formats of each plan, one file a server. logs makes logs/: what
 * auto_explain writes. findings (1 min) makes findings/fixtures, beside them: plans of 15 (PG_BIN's too) on which each rule
 * speaks or is silent; with --to they go there. Without --what: formats and logs, since the tests of the others name figures
 * of this very run: after one of json or findings, run test/unit/plan.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { captureFindings } from './capture/findings.mjs';
import { captureFormats } from './capture/formats.mjs';
import { captureJson, writeJsonCases } from './capture/json.mjs';
import { captureLogs } from './capture/logs.mjs';
import { embedded, native, VERSIONS } from './capture/servers.mjs';

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', 'test', 'unit', 'plan', 'fixtures');
const { values } = parseArgs({
  options: {
    what: { type: 'string', default: 'formats,logs' },
    servers: { type: 'string', default: [...Object.keys(VERSIONS), 'pglite'].join(',') },
    only: { type: 'string' },
    to: { type: 'string' },
  },
});
const what = values.what.split(',');
const servers = values.servers.split(',');
const { only } = values;
const to = resolve(values.to ?? fixtures);
mkdirSync(to, { recursive: true });

async function withServer(name, options, use) {
  const server = name === 'pglite' ? await embedded(options) : await native(name, options);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

const bin = process.env.PG_BIN === undefined ? {} : { bin: process.env.PG_BIN };
// In this order: the embedded engine's steady clock is the whole process's from then on.
for (const name of servers) {
  if (what.includes('json') && ['pg15', 'pglite'].includes(name))
    await withServer(name, { steady: false, ...bin }, (server) => captureJson(server, to, only));
}
if (what.includes('json')) writeJsonCases(to);
if (what.includes('findings')) {
  const folder = values.to === undefined ? join(fixtures, '..', 'findings', 'fixtures') : to;
  await withServer('pg15', { steady: false, set: { shared_buffers: '32MB' }, ...bin }, (server) =>
    captureFindings(server, folder, only),
  );
}
for (const name of servers) {
  if (!what.includes('formats') && !what.includes('logs')) break;
  await withServer(name, { steady: true }, async (server) => {
    if (what.includes('formats')) await captureFormats(server, to, only);
    if (what.includes('logs') && server.native) await captureLogs(server, to);
  });
}
