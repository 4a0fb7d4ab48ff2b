import type { Plan, PlanNode } from '../model';
import { formatCount, formatRows } from '../words';
import type { Comparison } from './comparison';
import { directionOf } from './figures';
import { isTableScan } from './role';

/** Whether two plans can be of one question: where they read other tables or give other rows, less work is no merit. */

/** "orders before, customers after", where both read tables and none in common. Partitions of one table are one. */
export function otherTables(before: Plan, after: Plan): string | undefined {
  const [from, to] = [tablesOf(before), tablesOf(after)];
  if (from.families.size === 0 || to.families.size === 0) return undefined;
  for (const family of from.families) if (to.families.has(family)) return undefined;
  return `${some(from.names)} before, ${some(to.names)} after`;
}

interface Tables {
  readonly names: ReadonlySet<string>;
  /** What partitions have in common: their names but for numbers, and the alias that PostgreSQL gave them, their parent's. */
  readonly families: ReadonlySet<string>;
}

function tablesOf({ nodes }: Plan): Tables {
  const names = new Set<string>();
  const families = new Set<string>();
  for (const node of nodes) {
    const { relation } = node;
    if (relation === undefined || !(isTableScan(node) || node.kind === 'ModifyTable')) continue;
    names.add(relation);
    families.add(relation.replace(/\d+/g, '#'));
    const parent = parentOf(node);
    if (parent !== undefined) families.add(parent);
  }
  return { names, families };
}

/** Partitions are aliased "events", "events_1" …, unless the query names the table. */
function parentOf({ alias, relation = '' }: PlanNode): string | undefined {
  const parent = alias?.replace(/_\d+$/, '');
  return parent !== undefined && relation.startsWith(`${parent}_`) ? parent : undefined;
}

function some(names: ReadonlySet<string>): string {
  const [first = '', second = ''] = names;
  if (names.size <= 2) return second === '' ? first : `${first} and ${second}`;
  return `${first}, ${second} and ${formatCount(names.size - 2)} more`;
}

/** As many rows more or less may have come to the tables in between. */
const SOME = 0.1;

/** "it gives 1 row instead of 400,000"; "" where both give about as many. */
export function otherRows({ rows }: Comparison['totals']): string {
  const { before, after } = rows;
  if (before === undefined || after === undefined) return '';
  const direction = directionOf(rows, SOME);
  return direction === 'more' || direction === 'less'
    ? `it gives ${formatRows(after)} instead of ${formatCount(before)}`
    : '';
}
