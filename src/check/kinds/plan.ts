import type { PlanExpectation } from '../../course/schema';
import { rootBuffers, shape, tablesOf } from '../../plan/find';
import type { Plan } from '../../plan/model';
import { SqlError, type Session } from '../../sql/session';
import { statements, statementTitle } from '../../sql/statements';
import type { Attempt } from '../attempt';
import type { Outcome } from '../verdict';
import { readPlanCatalog } from './planCatalog';
import {
  avoidsOutcome,
  estimateOutcome,
  joinsOutcomes,
  limitOutcome,
  readOutcome,
  rowsRead,
  sortsOutcome,
  spillsOutcome,
  usesOutcome,
  workersOutcome,
  type Figure,
} from './planFacts';
import { measuredPlans } from './planRun';

/** Figures of the start and the solution for the same query on pristine data. */
export interface PlanReference {
  /** Shared blocks. */
  readonly buffers: Figure;
  /** Rows that the scans read. */
  readonly rows: Figure;
}

/**
 * Facts of the plan that a query has now, for every row of hidden parameters.
 * @param ran this session ran its query before, and nothing was altered since
 */
export async function checkPlan(
  session: Session,
  expectation: PlanExpectation,
  attempt: Attempt,
  reference: PlanReference,
  ran: boolean,
): Promise<Outcome[]> {
  const query = expectation.query === undefined ? attempt.query : statements(expectation.query)[0];
  if (!query)
    return [
      { passed: false, message: 'The file has no query. Write the one that is asked for.', behaviour: 'plan: none' },
    ];
  let plans: Plan[];
  try {
    plans = await measuredPlans(session, query, expectation, ran);
  } catch (error) {
    // the author's query must run; the student's may fail, and then that is the answer
    if (!(error instanceof SqlError) || expectation.query !== undefined) throw error;
    return [{ passed: false, message: failure(error, expectation), behaviour: `plan: error ${error.code}` }];
  }

  const buffers = plans.reduce((sum, plan) => sum + (rootBuffers(plan) ?? 0), 0);
  const rows = plans.reduce((sum, plan) => sum + rowsRead(plan), 0);
  if (buffers === 0 && expectation.query === undefined && (expectation.buffers ?? expectation.rows)) {
    const message = 'The last query of the file reads no table.';
    return [{ passed: false, message, seen: statementTitle(query.text), behaviour: 'plan: reads nothing' }];
  }
  const catalog = await readPlanCatalog(session, expectation, plans);
  const { joins, sorts, estimate, workers } = expectation;
  const outcomes = [
    ...Object.entries(expectation.reads ?? {}).map(([name, read]) => readOutcome(name, read, plans, catalog)),
    ...(expectation.uses ?? []).map((type) => usesOutcome(type, plans)),
    ...(expectation.avoids ?? []).map((type) => avoidsOutcome(type, plans)),
    ...(joins === undefined ? [] : joinsOutcomes(joins, plans, catalog)),
    ...(sorts === undefined ? [] : [sortsOutcome(sorts['at-most'], plans)]),
    ...(expectation.spills === undefined ? [] : [spillsOutcome(plans)]),
    ...(expectation.buffers
      ? [limitOutcome(buffers, expectation.buffers['at-most'], 'buffers', reference.buffers)]
      : []),
    ...(expectation.rows ? [limitOutcome(rows, expectation.rows['at-most'], 'rows', reference.rows)] : []),
    ...(estimate === undefined ? [] : [estimateOutcome(estimate, plans, catalog)]),
    ...(workers === undefined ? [] : [workersOutcome(workers, plans)]),
  ];
  const shapes = [...new Set(plans.map((plan) => shape(plan, (index) => catalog.definition(index))))].join(' | ');
  const reads = expectation.query === undefined ? { reads: [...new Set(plans.flatMap(tablesOf))] } : {};
  // the shape, once: it tells one failing attempt from another
  return outcomes.map((outcome, at) => ({
    ...outcome,
    ...reads,
    buffers,
    measured: { rows },
    behaviour: at === 0 ? `${outcome.behaviour} ${shapes}` : outcome.behaviour,
  }));
}

/** With hidden values, only messages about names: others may tell a value. */
function failure({ message, code }: SqlError, { parameters }: PlanExpectation): string {
  return parameters === undefined || code.startsWith('42')
    ? `The query fails: ${message}`
    : 'The query fails with values that you are not shown.';
}
