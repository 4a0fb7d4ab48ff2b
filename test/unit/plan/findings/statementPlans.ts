import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { factsOf } from '../../../../src/plan/findings/facts';
import type { Finding } from '../../../../src/plan/findings/finding';
import { ranked } from '../../../../src/plan/findings/rank';
import { STATEMENT_RULES } from '../../../../src/plan/findings/rules/statementRules';
import type { Plan } from '../../../../src/plan/model';
import { readPlan } from '../../../../src/plan/read';

interface Captures {
  readonly cases: Readonly<Record<string, { readonly sql: string; readonly plan: unknown }>>;
}

const path = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'statement.json');
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as Captures;

/** EXPLAIN's JSON of PostgreSQL 15 for a statement; fixtures/statement.json has the statement, its settings and the tables. */
export function statement(name: string): Plan {
  const found = cases[name];
  if (found === undefined) throw new Error(`No capture ${name}.`);
  return readPlan(JSON.stringify(found.plan));
}

/** What one rule says of a plan. */
export function says(id: string, plan: Plan): readonly Finding[] {
  const rule = STATEMENT_RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`No rule ${id}.`);
  return ranked(factsOf(plan), [rule]);
}

/** Its only finding. */
export function theOnly(id: string, plan: Plan): Finding {
  const [finding, ...others] = says(id, plan);
  if (finding === undefined || others.length > 0)
    throw new Error(`${String(others.length + (finding === undefined ? 0 : 1))} findings of ${id}.`);
  return finding;
}

export function sqlOf({ fixes }: Finding): string {
  return fixes.map(({ sql }) => sql ?? '').join('\n');
}

/** A node as PostgreSQL 15 prints it with ANALYZE: `ms` and `rows` of one loop, planned as found. */
export function node(type: string, ms: number, rows: number, properties: object = {}, plans: object[] = []): object {
  return {
    'Node Type': type,
    'Startup Cost': 0,
    'Total Cost': 100,
    'Plan Rows': rows,
    'Plan Width': 8,
    'Actual Startup Time': 0,
    'Actual Total Time': ms,
    'Actual Rows': rows,
    'Actual Loops': 1,
    ...properties,
    ...(plans.length === 0 ? {} : { Plans: plans }),
  };
}

export const outer = { 'Parent Relationship': 'Outer' };
export const inner = { 'Parent Relationship': 'Inner' };

export function hit(shared: number, more: object = {}): object {
  return {
    'Shared Hit Blocks': shared,
    'Shared Read Blocks': 0,
    'Shared Dirtied Blocks': 0,
    'Shared Written Blocks': 0,
    'Temp Read Blocks': 0,
    'Temp Written Blocks': 0,
    ...more,
  };
}

export function on(relation: string, alias = relation): object {
  return { 'Relation Name': relation, Alias: alias };
}

export function planOfNodes(root: object, executionMs: number, sections: object = {}): Plan {
  return readPlan(JSON.stringify([{ Plan: root, 'Execution Time': executionMs, ...sections }]));
}
