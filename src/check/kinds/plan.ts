import type { PlanExpectation } from '../../course/schema';
import { readsOf, rootBuffers, shape, worstEstimate, type ReadKind } from '../../plan/find';
import type { Plan } from '../../plan/model';
import { readPlan } from '../../plan/read';
import { formatCount, formatFactor, nodeTitle } from '../../plan/words';
import { explain } from '../../sql/explain';
import { SqlError, type Cell, type Session } from '../../sql/session';
import { statements, statementTitle, type Statement } from '../../sql/statements';
import type { Attempt } from '../attempt';
import { inSavepoint } from '../pinned';
import type { Outcome } from '../verdict';

/** Shared blocks that the start and the solution read for the same query on pristine data. */
export interface PlanReference {
  readonly start: number | undefined;
  readonly solution: number | undefined;
}

/** Facts of the plan that a query has now, for every row of hidden parameters. */
export async function checkPlan(
  session: Session,
  expectation: PlanExpectation,
  attempt: Attempt,
  reference: PlanReference,
): Promise<Outcome[]> {
  const query = expectation.query === undefined ? attempt.query : statements(expectation.query)[0];
  if (!query)
    return [
      { passed: false, message: 'The file has no query. Write the one that is asked for.', behaviour: 'plan: none' },
    ];
  let plans: Plan[];
  try {
    plans = await explainAll(session, query, expectation.parameters);
  } catch (error) {
    // the author's query must run; the student's may fail, and then that is the answer
    if (!(error instanceof SqlError) || expectation.query !== undefined) throw error;
    return [{ passed: false, message: `The query fails: ${error.message}`, behaviour: `plan: error ${error.code}` }];
  }

  const buffers = plans.reduce((sum, plan) => sum + (rootBuffers(plan) ?? 0), 0);
  if (buffers === 0 && expectation.query === undefined && expectation.buffers) {
    const message = 'The last query of the file reads no table.';
    return [{ passed: false, message, seen: statementTitle(query.text), behaviour: 'plan: reads nothing' }];
  }
  const outcomes = [
    ...reads(expectation, plans),
    ...uses(expectation, plans),
    ...avoids(expectation, plans),
    ...bufferLimit(expectation, buffers, reference),
    ...estimateLimit(expectation, plans),
  ];
  const indexes = await indexDefinitions(session);
  const shapes = [...new Set(plans.map((plan) => shape(plan, (index) => indexes.get(index) ?? index)))].join(' | ');
  // the shape, once: it tells one failing attempt from another
  return outcomes.map((outcome, at) => ({
    ...outcome,
    buffers,
    behaviour: at === 0 ? `${outcome.behaviour} ${shapes}` : outcome.behaviour,
  }));
}

async function explainAll(
  session: Session,
  query: Statement,
  parameters: PlanExpectation['parameters'],
): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const values of parameters ?? [[]]) {
    const cells = values.map((value): Cell => (value === null ? null : String(value)));
    const { json } = await inSavepoint(session, () => explain(session, query, { analyze: true, parameters: cells }));
    plans.push(readPlan(json));
  }
  return plans;
}

const ACCEPTS: Readonly<Record<string, readonly ReadKind[]>> = {
  seq: ['seq'],
  index: ['index', 'index-only', 'bitmap'],
  'index-only': ['index-only'],
  bitmap: ['bitmap'],
};

const WAY: Readonly<Record<string, string>> = {
  seq: 'a sequential scan',
  index: 'an index',
  'index-only': 'an index-only scan',
  bitmap: 'a bitmap scan',
};

function reads(expectation: PlanExpectation, plans: readonly Plan[]): Outcome[] {
  return Object.entries(expectation.reads ?? {}).map(([relation, way]) => {
    const scans = plans.map((plan) => readsOf(plan, relation).filter((read) => !read.node.neverExecuted));
    const name = `reads ${relation}`;
    const expected = WAY[way] ?? way;
    if (scans.some((found) => found.length === 0)) {
      return {
        passed: false,
        message: `The plan does not read ${relation}.`,
        expected: `${relation} through ${expected}`,
        seen: 'not read',
        behaviour: `${name}: not at all`,
      };
    }
    const wrong = scans.flat().find((read) => !(ACCEPTS[way] ?? []).includes(read.how));
    if (!wrong)
      return { passed: true, message: `${relation} is read through ${expected}.`, behaviour: `${name}: right` };
    return {
      passed: false,
      message: `${relation} is read by a ${wrong.node.type}.`,
      expected,
      seen: nodeTitle(wrong.node),
      behaviour: `${name}: ${wrong.how}`,
    };
  });
}

function uses(expectation: PlanExpectation, plans: readonly Plan[]): Outcome[] {
  return (expectation.uses ?? []).map((type) => {
    const passed = plans.every((plan) => plan.nodes.some((node) => node.type === type));
    return {
      passed,
      message: passed ? `The plan has a ${type}.` : `The plan has no ${type}.`,
      behaviour: `uses ${type}: ${String(passed)}`,
    };
  });
}

function avoids(expectation: PlanExpectation, plans: readonly Plan[]): Outcome[] {
  return (expectation.avoids ?? []).map((type) => {
    const found = plans.flatMap((plan) => plan.nodes).find((node) => node.type === type);
    return {
      passed: !found,
      message: found ? `The plan still has a ${type}.` : `No ${type}.`,
      ...(found && { seen: nodeTitle(found) }),
      behaviour: `avoids ${type}: ${String(!found)}`,
    };
  });
}

function bufferLimit(expectation: PlanExpectation, buffers: number, reference: PlanReference): Outcome[] {
  const most = expectation.buffers?.['at-most'];
  if (most === undefined) return [];
  const limit = resolve(most, reference);
  // measuring the start or the solution itself: there is nothing to compare with yet
  if (limit === undefined) return [{ passed: true, message: `${formatCount(buffers)} buffers.`, behaviour: 'buffers' }];
  const passed = buffers <= limit.blocks;
  return [
    {
      passed,
      message: passed
        ? `Reads ${formatCount(buffers)} buffers.`
        : `Reads ${formatCount(buffers)} buffers, ${formatCount(Math.floor(limit.blocks))} at most are asked for.`,
      ...(!passed && {
        expected: `at most ${formatCount(Math.floor(limit.blocks))} buffers${limit.of}`,
        seen: `${formatCount(buffers)} buffers`,
      }),
      behaviour: `buffers: ${String(passed)}`,
    },
  ];
}

function resolve(most: number | string, reference: PlanReference): { blocks: number; of: string } | undefined {
  if (typeof most === 'number') return { blocks: most, of: '' };
  const [factor, , what] = most.split(/\s*(x)\s*/);
  const base = what === 'start' ? reference.start : reference.solution;
  if (base === undefined) return undefined;
  return {
    blocks: Number(factor) * base,
    of: ` (${factor ?? ''} × the ${what === 'start' ? 'start' : 'reference solution'}’s ${formatCount(base)})`,
  };
}

function estimateLimit(expectation: PlanExpectation, plans: readonly Plan[]): Outcome[] {
  const most = expectation.estimate?.['at-most'];
  if (most === undefined) return [];
  const worst = plans
    .map(worstEstimate)
    .reduce((a, b) => ((b?.estimateFactor ?? 0) > (a?.estimateFactor ?? 0) ? b : a), undefined);
  const factor = worst?.estimateFactor ?? 1;
  const passed = factor <= most;
  return [
    {
      passed,
      message: passed
        ? factor < 1.05
          ? 'Row estimates are right.'
          : `No row estimate is off by more than ${formatFactor(factor)}.`
        : `A row estimate is off by ${formatFactor(factor)}, at ${worst ? nodeTitle(worst) : 'the root'}.`,
      ...(!passed && { expected: `at most ${formatFactor(most)}`, seen: formatFactor(factor) }),
      behaviour: `estimate: ${String(passed)}`,
    },
  ];
}

/** What an index is, whatever its name: "btree (customer_id) WHERE …". */
async function indexDefinitions(session: Session): Promise<Map<string, string>> {
  const { rows } = await session.run(
    `SELECT c.relname, regexp_replace(pg_get_indexdef(c.oid), '^.* USING ', '') FROM pg_class c
     WHERE c.relkind IN ('i', 'I') AND c.relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema')`,
  );
  return new Map(rows.map(([name, definition]) => [name ?? '', definition ?? '']));
}
