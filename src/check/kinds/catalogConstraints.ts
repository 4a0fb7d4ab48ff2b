import type { TableExpectation } from '../../course/schema';
import { SqlError, type Session } from '../../sql/session';
import { undone } from '../pinned';
import type { Outcome } from '../verdict';
import { findRelation, type Relation } from './asPostgres';

interface Constraint {
  readonly name: string;
  /** pg_constraint.contype: p, u, f, c; i: a unique index without one. */
  readonly type: string;
  readonly columns: readonly string[];
  readonly references: string | undefined;
  readonly valid: boolean;
}

/** Primary key, unique, foreign keys and checks, and what they refuse. */
export async function checkConstraints(
  session: Session,
  expectation: TableExpectation,
  relation: Relation,
): Promise<Outcome[]> {
  const { name } = expectation;
  const { unique = [], check = [], refuses = [], accepts = [] } = expectation;
  const primary = expectation['primary-key'];
  const foreign = expectation['foreign-keys'] ?? [];
  const outcomes: Outcome[] = [];
  const add = (passed: boolean, what: string, right: string, wrong: string): void => {
    outcomes.push({ passed, message: passed ? right : wrong, behaviour: `table ${name} ${what}: ${String(passed)}` });
  };
  if (primary !== undefined || unique.length > 0 || foreign.length > 0 || check.length > 0) {
    const constraints = await constraintsOf(session, relation);
    if (primary) {
      const found = constraints.find(({ type }) => type === 'p');
      add(
        found !== undefined && found.columns.join('\0') === primary.join('\0'),
        'primary key',
        `The primary key of ${name} is right.`,
        found
          ? `The primary key of ${name} is (${found.columns.join(', ')}); another is asked for.`
          : `${name} has no primary key.`,
      );
    }
    for (const columns of unique) {
      const passed = constraints.some(({ type, columns: own }) => 'pui'.includes(type) && sameSet(own, columns));
      add(
        passed,
        `unique ${columns.join(' ')}`,
        `${columns.join(', ')} of ${name} is unique.`,
        `Nothing makes ${columns.join(', ')} of ${name} unique.`,
      );
    }
    for (const { on, references } of foreign) {
      const target = await findRelation(session, references);
      const found = constraints.find(
        (each) => each.type === 'f' && sameSet(each.columns, on) && each.references === target?.oid,
      );
      add(
        target !== undefined && found?.valid === true,
        `foreign key ${on.join(' ')}`,
        `${on.join(', ')} of ${name} refers to ${references}.`,
        found && !found.valid
          ? `The foreign key ${found.name} is not validated.`
          : `${on.join(', ')} of ${name} does not refer to ${references}.`,
      );
    }
    for (const columns of check) {
      const passed = constraints.some(
        ({ type, columns: own, valid }) => type === 'c' && valid && columns.every((each) => own.includes(each)),
      );
      add(
        passed,
        `check ${columns.join(' ')}`,
        `${columns.join(', ')} of ${name} is checked.`,
        `No check constraint is about ${columns.join(', ')} of ${name}.`,
      );
    }
  }
  for (const [at, statement] of refuses.entries()) outcomes.push(await refusal(session, statement, name, at));
  for (const [at, statement] of accepts.entries()) outcomes.push(await acceptance(session, statement, name, at));
  return outcomes;
}

/** A constraint's refusal: class 23 of SQLSTATE, integrity_constraint_violation. Deferred ones refuse here, too. */
async function refusal(session: Session, statement: string, name: string, at: number): Promise<Outcome> {
  const error = await errorOf(session, statement);
  const passed = error?.code.startsWith('23') === true;
  return {
    passed,
    // the statement is the author's, and may say what the constraint is to be
    message: passed
      ? `${name} refuses what it must refuse.`
      : error
        ? `${name} was not asked: ${error.message}.`
        : `${name} takes a row that it must refuse.`,
    behaviour: `table ${name} refuses ${at}: ${error?.code ?? 'nothing'}`,
  };
}

async function acceptance(session: Session, statement: string, name: string, at: number): Promise<Outcome> {
  const error = await errorOf(session, statement);
  return {
    passed: !error,
    message: error ? `${name} refuses what it must take: ${error.message}.` : `${name} takes what it must take.`,
    behaviour: `table ${name} accepts ${at}: ${error?.code ?? 'all'}`,
  };
}

async function errorOf(session: Session, statement: string): Promise<SqlError | undefined> {
  try {
    await undone(session, async () => {
      await session.run('SET CONSTRAINTS ALL IMMEDIATE');
      await session.run(statement, { maxRows: 1 });
    });
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}

async function constraintsOf(session: Session, { oid }: Relation): Promise<Constraint[]> {
  const { rows } = await session.run(
    `SELECT c.conname, c.contype, (SELECT pg_catalog.json_agg(a.attname ORDER BY k.place) FROM pg_catalog.unnest(c.conkey) WITH ORDINALITY AS k(attnum, place)
         JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum), c.confrelid, c.convalidated
     FROM pg_catalog.pg_constraint c WHERE c.conrelid = $1::pg_catalog.oid AND c.contype IN ('p', 'u', 'f', 'c')
     UNION ALL
     SELECT x.relname, 'i', (SELECT pg_catalog.json_agg(a.attname ORDER BY k.place) FROM pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(attnum, place)
         JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.place <= i.indnkeyatts), 0, true
     FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
     WHERE i.indrelid = $1::pg_catalog.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL`,
    { parameters: [oid] },
  );
  return rows.map(([name, type, columns, references, valid]) => ({
    name: name ?? '',
    type: type ?? '',
    columns: JSON.parse(columns ?? '[]') as string[],
    references: references ?? undefined,
    valid: valid === 't',
  }));
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}
