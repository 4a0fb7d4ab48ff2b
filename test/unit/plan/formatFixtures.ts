import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { PlanFormat } from '../../../src/plan/model';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'fixtures');

export type Texts = Readonly<Record<PlanFormat, string>>;

/**
 * One statement on one server, explained in each format: four executions under a clock that counts how often it is read
 * (scripts/capture), so that the four report the same figures, times too. Each process has a clock of its own: a Gather's
 * time does not hold its workers'.
 */
export interface Capture extends Texts {
  /** "pg17/memoize" */
  readonly id: string;
  readonly server: string;
  readonly name: string;
  /** EXPLAIN's, without FORMAT. */
  readonly options: string;
  readonly sql: string;
  /** false: processes raced, and the four executions differ in their figures. */
  readonly repeats: boolean;
}

type Packed = Record<string, Texts & { readonly options: string; readonly sql: string; readonly repeats?: false }>;

let read: readonly Capture[] | undefined;

/** fixtures/formats: what scripts/capture-plans.mjs captured from each server. */
export function captures(): readonly Capture[] {
  read ??= readdirSync(join(folder, 'formats'))
    .sort()
    .flatMap((file) => {
      const server = file.replace('.json.gz', '');
      const packed = JSON.parse(gunzipSync(readFileSync(join(folder, 'formats', file))).toString('utf8')) as Packed;
      return Object.entries(packed).map(([name, capture]) => ({
        repeats: true,
        ...capture,
        id: `${server}/${name}`,
        server,
        name,
      }));
    });
  return read;
}

/** fixtures/logs: what auto_explain wrote to each server's log, the same statements in each format. */
export function logs(): readonly (Texts & { readonly server: string })[] {
  const servers = new Set(readdirSync(join(folder, 'logs')).map((file) => file.split('.')[0] ?? ''));
  const log = (server: string, format: PlanFormat): string =>
    readFileSync(join(folder, 'logs', `${server}.${format}.log`), 'utf8');
  return [...servers].sort().map((server) => ({
    server,
    json: log(server, 'json'),
    text: log(server, 'text'),
    yaml: log(server, 'yaml'),
    xml: log(server, 'xml'),
  }));
}
