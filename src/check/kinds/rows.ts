import type { RowsExpectation } from '../../course/schema';
import { UserError } from '../../shared/errors';
import { SqlError, type Result, type Session } from '../../sql/session';
import { mayWrite } from '../../sql/statements';
import { readAttempt, type Attempt } from '../attempt';
import { undone } from '../pinned';
import type { Outcome } from '../verdict';
import { compareHidden, compareRows, MOST_ROWS, type Rows } from './compareRows';
import { onVariant } from './variant';

/** What the reference knows for one `rows` expectation. */
export interface RowsReference {
  readonly solution: string;
  /** SQL of the data set's hidden variant. */
  readonly variant: string | undefined;
  /** `Outcome.keep` of the solution; null or undefined while it is measured. */
  readonly kept: unknown;
}

/**
 * The student's query gives the same rows as the solution's, both run now on the same database; then, where it is
 * asked for, the student's file on the hidden variant.
 */
export async function checkRows(
  session: Session,
  expectation: RowsExpectation,
  attempt: Attempt,
  reference: RowsReference,
): Promise<Outcome> {
  const { query } = attempt;
  if (!query)
    return {
      passed: false,
      message: 'The file has no query. Write one that returns the rows asked for.',
      behaviour: 'rows: none',
    };
  const right = readAttempt(reference.solution).query;
  if (!right) throw new Error('The solution has no query to compare rows with.');
  const author = (): Promise<Result> => session.run(right.text);
  const student = (): Promise<Result | SqlError> =>
    session.run(query.text, { maxRows: MOST_ROWS }).catch((error: unknown) => {
      if (error instanceof SqlError) return error;
      throw error;
    });
  // what a query writes must be gone before the next; to undo takes as long as a small query
  const [expected, seen] = mayWrite(right)
    ? [await undone(session, author), await undone(session, student)]
    : await undone(session, async () => [await author(), await student()] as const);
  if (seen instanceof SqlError)
    return { passed: false, message: `The query fails: ${seen.message}`, behaviour: `rows: error ${seen.code}` };
  const outcome = compareRows(expectation, expected, seen, await categories(session, expected, seen));
  return outcome.passed && expectation.variant
    ? onHiddenData(session, expectation, attempt, reference, outcome)
    : outcome;
}

async function onHiddenData(
  session: Session,
  expectation: RowsExpectation,
  attempt: Attempt,
  { solution, variant, kept }: RowsReference,
  outcome: Outcome,
): Promise<Outcome> {
  if (variant === undefined)
    throw new UserError(
      'The exercise is checked on the data set’s hidden variant, and the data set declares none.',
      'Declare one at its top: -- variant NAME=VALUE …',
    );
  const known = isRows(kept) ? kept : undefined;
  const [seen, measured] = await onVariant(session, variant, known ? [attempt.text] : [attempt.text, solution]);
  if (measured instanceof SqlError) throw measured;
  const right = known ?? measured;
  if (!seen || !right) return outcome;
  if (seen instanceof SqlError)
    return {
      passed: false,
      message: `Right on the data you see; on other data of the same kind the query fails${TELLING.has(seen.code) ? `: ${seen.message}` : ''}.`,
      behaviour: `rows: hidden error ${seen.code}`,
    };
  const hidden = compareHidden(expectation, right, seen);
  if (!hidden.passed) return hidden;
  return known ? outcome : { ...outcome, keep: { fields: right.fields, rows: right.rows } };
}

/** It comes from a store. */
function isRows(kept: unknown): kept is Rows {
  return typeof kept === 'object' && kept !== null && 'fields' in kept && 'rows' in kept && Array.isArray(kept.rows);
}

/** Errors whose sentence holds no value: division by zero, more than one row from a subquery, no such table. */
const TELLING = new Set(['22012', '21000', '42P01']);

/** Of the types in which two results differ; nothing is asked where they are the same. */
async function categories(session: Session, expected: Result, seen: Result): Promise<ReadonlyMap<number, string>> {
  const differing = expected.fields.flatMap(({ type }, at) => {
    const other = seen.fields[at]?.type;
    return other === undefined || other === type ? [] : [type, other];
  });
  if (differing.length === 0) return new Map();
  const { rows } = await session.run('SELECT oid, typcategory FROM pg_type WHERE oid = ANY ($1::oid[])', {
    parameters: [`{${[...new Set(differing)].join(',')}}`],
  });
  return new Map(rows.map(([oid, category]) => [Number(oid), category ?? '']));
}
