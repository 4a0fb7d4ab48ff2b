// Makes what the embedded engine opens at run time, from the installed PGlite:
//
//   node scripts/pglite-template.mjs dist/pglite
//
//   pglite.wasm, pglite.data   PostgreSQL itself and its share folder
//   <extension>.tar.gz         contrib modules that CREATE EXTENSION finds
//   template.tar               a data directory after initdb: no initdb.wasm to ship, 4 s less to wait
//   template.json              what it was made from: part of the name of every cached data set
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Contrib modules shipped with the extension. The worker offers every `*.tar.gz` beside it. */
const extensions = ['pg_stat_statements', 'pg_buffercache', 'pg_trgm', 'pageinspect'];

/**
 * Appended to initdb's postgresql.conf. A module preloaded here must be shipped: a data directory made
 * with pg_stat_statements preloaded does not open without it.
 */
const configuration = `
# Postgres Lessons
shared_preload_libraries = 'pg_stat_statements'
`;

/** @param {string} outdir made when missing; its files are replaced */
export async function makeTemplate(outdir) {
  await mkdir(outdir, { recursive: true });
  const require = createRequire(import.meta.url);
  const dist = path.dirname(require.resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(await readFile(path.join(dist, '..', 'package.json'), 'utf8'));
  for (const file of ['pglite.wasm', 'pglite.data', ...extensions.map((name) => `${name}.tar.gz`)]) {
    await cp(path.join(dist, file), path.join(outdir, file));
  }

  const { PGlite } = await import('@electric-sql/pglite');
  // WAL segments of 1 MB, not 16: each lesson's database is a copy of this one.
  const db = await PGlite.create({ initDbStartParams: ['--wal-segsize=1'] });
  const files = db.Module.FS;
  const conf = '/pglite/data/postgresql.conf';
  files.writeFile(conf, files.readFile(conf, { encoding: 'utf8' }) + configuration);
  // Nobody can connect to another database of a single-user server: two spare copies of 7 MB.
  await db.exec(`UPDATE pg_database SET datistemplate = false, datallowconn = true WHERE datname LIKE 'template_'`);
  await db.exec('DROP DATABASE template0');
  await db.exec('DROP DATABASE template1');
  await db.exec('VACUUM (FREEZE, ANALYZE)');
  await db.exec('CHECKPOINT');
  const { rows } = await db.query(`SELECT current_setting('server_version_num')::int AS version`);
  const tar = Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer());
  await db.close();

  await writeFile(path.join(outdir, 'template.tar'), tar);
  // Not a digest of the tar: initdb puts a system identifier and times into it, and a cached data set
  // need not be built anew because the extension was packaged anew.
  const made = createHash('sha256')
    .update(JSON.stringify([version, configuration, await readFile(fileURLToPath(import.meta.url), 'utf8')]))
    .digest('hex');
  await writeFile(
    path.join(outdir, 'template.json'),
    JSON.stringify({ pglite: version, serverVersion: rows[0].version, id: made.slice(0, 16) }, null, 2) + '\n',
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const outdir = process.argv[2];
  if (outdir === undefined) {
    console.error('Usage: node scripts/pglite-template.mjs <outdir>');
    process.exit(2);
  }
  await makeTemplate(path.resolve(outdir));
}
