/**
 * Another window: a process that opens a lesson's database, says "ready" and keeps it until it is killed.
 *   node --import tsx holder.ts <assets> <folder> <lesson> hold|insert
 */
import path from 'node:path';
import { EmbeddedEngine } from '../../../src/database/embedded/index';
import { dataset } from '../contract';

const [assetsDir = '', dir = '', lesson = '', what] = process.argv.slice(2);

async function main(): Promise<void> {
  const engine = new EmbeddedEngine({
    assetsDir,
    storageDir: path.join(dir, 'storage'),
    cacheDir: path.join(dir, 'cache'),
  });
  const database = await engine.open({ course: 'course', lesson, dataset });
  if (what === 'insert') await database.session.run('CREATE TABLE batch (n int, g int)');
  process.stdout.write('ready\n');
  for (let n = 0; what === 'insert'; n++) {
    await database.session.run('INSERT INTO batch SELECT $1, g FROM generate_series(1, 1000) g', {
      parameters: [String(n)],
    });
    await database.session.run('CREATE INDEX IF NOT EXISTS batch_n ON batch (n)');
    process.stdout.write(`${n}\n`);
  }
  process.stdin.resume();
}

void main();
