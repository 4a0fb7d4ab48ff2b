import type { PlanExpectation } from '../../course/schema';
import { sharedBuffers, type Plan } from '../../plan/model';
import { readPlan } from '../../plan/read';
import type { Cell, Session } from '../../sql/session';
import { mayWrite, type Statement } from '../../sql/statements';
import { undone } from '../pinned';

/** Times are never graded: without them a plan is measured as fast as the query runs. VERBOSE names the schemas. */
const EXPLAIN = 'EXPLAIN (ANALYZE, BUFFERS, VERBOSE, TIMING OFF, FORMAT JSON) ';

/**
 * The plans of a query for each row of parameters; where it is stated, also the plan that serves any values.
 * @param ran this session ran the query before, and nothing was altered since
 * @throws {SqlError} the query's own errors
 */
export async function measuredPlans(
  session: Session,
  query: Statement,
  expectation: PlanExpectation,
  ran: boolean,
): Promise<Plan[]> {
  const rows = (expectation.parameters ?? [[]]).map((values) =>
    values.map((value): Cell => (value === null ? null : String(value))),
  );
  const plans: Plan[] = [];
  // what a query writes must be gone before the next run of it
  for (const together of mayWrite(query) ? rows.map((values) => [values]) : [rows]) {
    await undone(session, async () => {
      if (expectation.workers !== undefined) await liftWorkers(session);
      for (const values of together) {
        plans.push(await (plans.length === 0 && !ran ? settled : measured)(session, query, values));
      }
    });
  }
  if (expectation.generic && rows.some((values) => values.length > 0))
    plans.push(...(await generic(session, query, rows, expectation)));
  return plans;
}

async function measured(session: Session, query: Statement, values: readonly Cell[]): Promise<Plan> {
  return readPlan((await run(session, EXPLAIN + query.text, values)).json);
}

/**
 * What a query looks up in the catalogs while it runs (how a type is compared, where an index has its root) counts
 * among its buffers, and a session looks it up once; who began it earlier has it. So the second run counts;
 * a slow query is not run twice, since the few blocks are nothing beside what it reads.
 */
async function settled(session: Session, query: Statement, values: readonly Cell[]): Promise<Plan> {
  const { json, ms } = await run(session, EXPLAIN + query.text, values);
  const plan = readPlan(json);
  const planning = plan.planningBuffers === undefined ? 0 : sharedBuffers(plan.planningBuffers);
  return ms <= (planning > WARM_PLANNING ? SLOW_MS : QUICK_MS) ? measured(session, query, values) : plan;
}

/** Planning reads so many blocks at most where the catalogs are known: ends of indexes, for what lies outside of the statistics. */
const WARM_PLANNING = 16;
const QUICK_MS = 20;
const SLOW_MS = 250;

/** As `PREPARE` and a forced generic plan give it, on every version; EXPLAIN's GENERIC_PLAN cannot measure. */
async function generic(
  session: Session,
  query: Statement,
  rows: readonly (readonly Cell[])[],
  expectation: PlanExpectation,
): Promise<Plan[]> {
  const plans: Plan[] = [];
  const state = { prepared: false };
  try {
    await undone(session, async () => {
      if (expectation.workers !== undefined) await liftWorkers(session);
      await session.run(`SELECT pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', true)`);
      await session.run(`PREPARE pg_lessons_plan AS ${query.text}`);
      state.prepared = true;
      for (const values of rows) {
        const cells = values.map((value) => (value === null ? 'NULL' : quoteValue(value))).join(', ');
        plans.push(readPlan((await run(session, `${EXPLAIN}EXECUTE pg_lessons_plan (${cells})`)).json));
      }
    });
  } finally {
    // prepared statements outlive a savepoint
    if (state.prepared && session.transaction !== 'failed') await session.run('DEALLOCATE pg_lessons_plan');
  }
  return plans;
}

/** A literal of unknown type; escapes are written so that standard_conforming_strings does not matter. */
function quoteValue(value: string): string {
  return `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** Back to what a new session gets: the check's own settings allow none. */
async function liftWorkers(session: Session): Promise<void> {
  await session.run(
    `SELECT pg_catalog.set_config(name, reset_val, true) FROM pg_catalog.pg_settings WHERE name = 'max_parallel_workers_per_gather'`,
  );
}

async function run(
  session: Session,
  sql: string,
  parameters: readonly Cell[] = [],
): Promise<{ json: string; ms: number }> {
  const { rows, durationMs } = await session.run(sql, { parameters });
  return { json: rows.map(([line]) => line ?? '').join('\n'), ms: durationMs };
}
