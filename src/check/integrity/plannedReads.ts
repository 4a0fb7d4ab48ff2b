import { tablesOf } from '../../plan/find';
import { readPlan } from '../../plan/read';
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
  try {
    const { rows } = await session.run(`EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) ${query.text}`, { parameters });
    return tablesOf(readPlan(rows.map(([line]) => line ?? '').join('\n')));
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}
