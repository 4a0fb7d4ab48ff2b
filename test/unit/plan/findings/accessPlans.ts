import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findingsOf, RULES, type RankedFinding } from '../../../../src/plan/findings';
import type { Plan } from '../../../../src/plan/model';
import { readPlan } from '../../../../src/plan/read';

interface Captures {
  readonly cases: Readonly<Record<string, { readonly sql: string; readonly plan: unknown }>>;
}

const path = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'access.json');
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as Captures;

/** EXPLAIN's JSON of PostgreSQL 15 for a statement; fixtures/access.json has the statement, its settings and the tables. */
export function captureText(name: string): string {
  const found = cases[name];
  if (found === undefined) throw new Error(`No capture ${name}.`);
  return JSON.stringify(found.plan);
}

export function capture(name: string): Plan {
  return readPlan(captureText(name));
}

/** A scan of a table as EXPLAIN (ANALYZE, BUFFERS) prints it, in 10 ms and 100 blocks. */
export function scanOf(properties: object): object {
  return {
    'Node Type': 'Seq Scan',
    'Parent Relationship': 'Outer',
    'Relation Name': 't',
    Alias: 't',
    ...ran(10, 100, 100),
    ...properties,
  };
}

export function ran(ms: number, rows: number, blocks: number, loops = 1): object {
  return {
    'Plan Rows': rows,
    'Plan Width': 8,
    'Actual Startup Time': 0,
    'Actual Total Time': ms,
    'Actual Rows': rows,
    'Actual Loops': loops,
    'Shared Hit Blocks': blocks,
    'Shared Read Blocks': 0,
    'Temp Read Blocks': 0,
    'Temp Written Blocks': 0,
  };
}

export function planText(root: object, executionMs: number): string {
  return JSON.stringify([{ Plan: root, 'Execution Time': executionMs }]);
}

/** The findings of one rule. */
export function foundBy(id: string, plan: Plan): readonly RankedFinding[] {
  if (!RULES.some((rule) => rule.id === id)) throw new Error(`No rule ${id}.`);
  return findingsOf(plan).filter(({ rule }) => rule.id === id);
}

/** Processor time in ms: what else the machine does has no part in it. */
export function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
