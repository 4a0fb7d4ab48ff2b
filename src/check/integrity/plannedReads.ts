import { SqlError, type Cell, type Session } from '../../sql/session';
import type { Statement } from '../../sql/statements';

/**
 * The relations that a query's plan reads, with their schema unless that is public. Views are gone from a plan:
 * what they read stands there. Nothing is run.
 * @returns undefined where it cannot be planned
 */
export async function plannedReads(
  session: Session,
  query: Statement,
  parameters: readonly Cell[],
): Promise<string[] | undefined> {
  let json: string;
  try {
    const { rows } = await session.run(`EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) ${query.text}`, { parameters });
    json = rows.map(([line]) => line ?? '').join('\n');
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
  const names: string[] = [];
  const pending: unknown[] = [JSON.parse(json)];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (Array.isArray(next)) pending.push(...(next as unknown[]));
    else if (typeof next === 'object' && next !== null) {
      const node = next as Readonly<Record<string, unknown>>;
      const [relation, schema] = [node['Relation Name'], node['Schema']];
      if (typeof relation === 'string')
        names.push(typeof schema === 'string' && schema !== 'public' ? `${schema}.${relation}` : relation);
      pending.push(...Object.values(node).filter((value) => typeof value === 'object' && value !== null));
    }
  }
  return [...new Set(names)];
}
