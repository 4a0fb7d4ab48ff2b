import type { ColumnFacts, TableExpectation } from '../../course/schema';
import { SqlError, type Session } from '../../sql/session';
import { undone } from '../pinned';
import type { Outcome } from '../verdict';
import { findRelation, quoteName, type Relation } from './asPostgres';
import { checkConstraints } from './catalogConstraints';
import { checkStorage } from './catalogStorage';

const KINDS: Readonly<Record<string, string>> = {
  r: 'table',
  p: 'partitioned-table',
  v: 'view',
  m: 'materialized-view',
  f: 'foreign-table',
};

/** Facts of a table from the catalogs; one outcome for each. */
export async function checkTable(session: Session, expectation: TableExpectation): Promise<Outcome[]> {
  const { name, absent } = expectation;
  const relation = await findRelation(session, name);
  if (!relation) return [{ passed: absent, message: `There is no table ${name}.`, behaviour: `table ${name}: none` }];
  const kind = KINDS[relation.kind] ?? '';
  if (absent) return [{ passed: false, message: `${name} is still there.`, behaviour: `table ${name}: there` }];
  const wanted = expectation.kind;
  const isKind = wanted === undefined ? kind === 'table' || kind === 'partitioned-table' : kind === wanted;
  if (!isKind)
    return [
      {
        passed: false,
        message: `${name} is a ${kind.replace('-', ' ')}; a ${(wanted ?? 'table').replace('-', ' ')} is asked for.`,
        behaviour: `table ${name}: ${kind}`,
      },
    ];
  const outcomes = [
    ...(await checkColumns(session, expectation, relation)),
    ...(await checkConstraints(session, expectation, relation)),
    ...(await checkStorage(session, expectation, relation)),
  ];
  // nothing else is asked for than that it is there
  if (outcomes.length === 0)
    outcomes.push({ passed: true, message: `${name} is there.`, behaviour: `table ${name}: right` });
  return outcomes;
}

interface Column {
  /** pg_type's OID, and its length or precision. */
  readonly type: string;
  readonly modifier: string;
  readonly typeName: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly identity: boolean;
  readonly generated: boolean;
  /** -1: default_statistics_target. */
  readonly statistics: number;
}

async function checkColumns(
  session: Session,
  { name, columns = {} }: TableExpectation,
  relation: Relation,
): Promise<Outcome[]> {
  const entries = Object.entries(columns);
  if (entries.length === 0) return [];
  const found = await columnsOf(session, relation.oid);
  const types = await typesOf(
    session,
    entries.flatMap(([, { type }]) => type ?? []),
  );
  return entries.map(([column, facts]): Outcome => {
    const there = found.get(column);
    const wrong = misfit(`${name}.${column}`, facts, there, types.get(facts.type ?? ''));
    const as = there
      ? [there.typeName, there.notNull, there.hasDefault, there.identity, there.generated, there.statistics].join(' ')
      : 'none';
    return {
      passed: wrong === undefined,
      message: wrong ?? (facts.absent ? `${name} has no column ${column}.` : `${name}.${column} is as asked for.`),
      behaviour: `column ${name}.${column}: ${as}`,
    };
  });
}

function misfit(
  name: string,
  facts: ColumnFacts,
  found: Column | undefined,
  type: Pick<Column, 'type' | 'modifier' | 'typeName'> | undefined,
): string | undefined {
  if (facts.absent) return found ? `${name} is still there.` : undefined;
  if (!found) return `There is no column ${name}.`;
  // without a length, any length
  if (type && (type.type !== found.type || (type.modifier !== '-1' && type.modifier !== found.modifier)))
    return `${name} is ${found.typeName}; ${type.typeName} is asked for.`;
  const flags = [
    [facts['not-null'], found.notNull, 'NOT NULL'],
    [facts.default, found.hasDefault, 'given a default'],
    [facts.identity, found.identity, 'an identity column'],
    [facts.generated, found.generated, 'generated'],
  ] as const;
  for (const [wanted, is, words] of flags)
    if (wanted !== undefined && wanted !== is) return `${name} is ${is ? '' : 'not '}${words}.`;
  if (facts.statistics !== undefined && found.statistics < facts.statistics)
    return found.statistics === -1
      ? `${name} has the default statistics target; ${facts.statistics} is asked for.`
      : `${name} has a statistics target of ${found.statistics}; ${facts.statistics} is asked for.`;
  return undefined;
}

async function columnsOf(session: Session, oid: string): Promise<ReadonlyMap<string, Column>> {
  const { rows } = await session.run(
    `SELECT a.attname, a.atttypid, a.atttypmod, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef AND a.attgenerated = '',
       a.attidentity <> '', a.attgenerated <> '', coalesce(a.attstattarget, -1)
     FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped`,
    { parameters: [oid] },
  );
  return new Map(
    rows.map(([name, type, modifier, typeName, notNull, hasDefault, identity, generated, statistics]) => [
      name ?? '',
      {
        type: type ?? '',
        modifier: modifier ?? '-1',
        typeName: typeName ?? '',
        notNull: notNull === 't',
        hasDefault: hasDefault === 't',
        identity: identity === 't',
        generated: generated === 't',
        statistics: Number(statistics),
      },
    ]),
  );
}

/** Types as PostgreSQL reads them: `int` is integer, `varchar(10)` is character varying(10), `serial` is integer. */
async function typesOf(session: Session, types: readonly string[]): Promise<ReadonlyMap<string, Column>> {
  const distinct = [...new Set(types)];
  if (distinct.length === 0) return new Map();
  return undone(session, async () => {
    const list = distinct.map((type, at) => `${quoteName(String(at))} ${type}`).join(', ');
    try {
      await session.run(`CREATE TEMPORARY TABLE pg_lessons_types (${list})`);
    } catch (error) {
      if (error instanceof SqlError)
        throw new Error(`A column’s type in the exercise is not PostgreSQL’s: ${error.message}.`, { cause: error });
      throw error;
    }
    const oid = await session.run(`SELECT 'pg_temp.pg_lessons_types'::pg_catalog.regclass::pg_catalog.oid`);
    const columns = await columnsOf(session, oid.rows[0]?.[0] ?? '0');
    return new Map(
      distinct.flatMap((type, at) => {
        const column = columns.get(String(at));
        return column ? [[type, column] as const] : [];
      }),
    );
  });
}
