import type { PlanExpectation } from '../../course/schema';
import type { RelationRead } from '../../plan/find';
import { readsOf } from '../../plan/find';
import type { Plan, PlanNode } from '../../plan/model';
import type { Session } from '../../sql/session';
import { textArray } from '../pinned';
import { findRelation, indexAsPostgres, nameParts, splitKey } from './asPostgres';

/** What a plan's names mean, from the catalogs. */
export interface PlanCatalog {
  /** Whether a node is about a table that the expectation names, or one of its partitions. */
  isOf(node: PlanNode, relation: string): boolean;
  /** The key of an index that a scan used: its columns and expressions. */
  keyOf(read: RelationRead, index: string): readonly string[];
  /** What an index is, whatever its name: "btree (customer_id) WHERE …". */
  definition(index: string): string;
  /** The columns that a `reads` entry asks for, as PostgreSQL keeps them; undefined where the table has none such. */
  leading(relation: string): readonly string[] | undefined;
}

export async function readPlanCatalog(
  session: Session,
  expectation: PlanExpectation,
  plans: readonly Plan[],
): Promise<PlanCatalog> {
  const { joins, estimate } = expectation;
  const names = new Set([
    ...Object.keys(expectation.reads ?? {}),
    ...(joins === undefined || joins === 'none' ? [] : joins.flatMap((join) => join.of ?? [])),
    ...(estimate?.of === undefined ? [] : [estimate.of]),
  ]);
  const used = new Set(plans.flatMap((plan) => plan.nodes.flatMap(({ index }) => index ?? [])));
  const named = await relationsNamed(session, [...[...names].map((text) => nameParts(text).name), ...used]);
  const families = await familiesOf(session, [...names], named);
  const indexes = named.filter(({ definition }) => definition !== undefined);
  const leading = new Map<string, readonly string[] | undefined>();
  for (const [name, { on }] of Object.entries(expectation.reads ?? {}))
    if (on) leading.set(name, await leadingColumns(session, name, on));
  const keys = new Map(indexes.map(({ schema, name, keys: key }) => [`${schema}.${name}`, key]));
  const definitions = new Map(indexes.map(({ name, definition }) => [name, definition]));
  return {
    isOf: (node, relation) => families.get(relation)?.has(`${node.schema ?? ''}.${node.relation ?? ''}`) ?? false,
    keyOf: ({ node }, index) => keys.get(`${node.schema ?? ''}.${index}`) ?? [],
    definition: (index) => definitions.get(index) ?? index,
    leading: (relation) => leading.get(relation),
  };
}

interface Named {
  readonly schema: string;
  readonly name: string;
  readonly visible: boolean;
  readonly heirs: boolean;
  /** Of an index. */
  readonly definition: string | undefined;
  readonly keys: readonly string[];
}

/** Tables, indexes and all else of these names, in any schema: one statement. */
async function relationsNamed(session: Session, names: readonly string[]): Promise<Named[]> {
  if (names.length === 0) return [];
  const { rows } = await session.run(
    `SELECT (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace), c.relname, pg_catalog.pg_table_is_visible(c.oid), c.relhassubclass,
       CASE WHEN c.relkind IN ('i', 'I') THEN pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(c.oid), '^.* USING ', '') END,
       CASE WHEN c.relkind IN ('i', 'I') THEN (SELECT pg_catalog.json_agg(pg_catalog.pg_get_indexdef(c.oid, k, false) ORDER BY k) FROM pg_catalog.generate_series(1, (SELECT i.indnkeyatts FROM pg_catalog.pg_index i WHERE i.indexrelid = c.oid)) AS k) END
     FROM pg_catalog.pg_class c WHERE c.relname = ANY ($1::pg_catalog.name[])`,
    { parameters: [textArray([...new Set(names)])] },
  );
  return rows.map(([schema, name, visible, heirs, definition, keys]) => ({
    schema: schema ?? '',
    name: name ?? '',
    visible: visible === 't',
    heirs: heirs === 't',
    definition: definition ?? undefined,
    keys: JSON.parse(keys ?? '[]') as string[],
  }));
}

/** Of each table, "schema.name" of it and of all that inherit from it; most have no heirs, and nothing is asked. */
async function familiesOf(
  session: Session,
  texts: readonly string[],
  named: readonly Named[],
): Promise<Map<string, ReadonlySet<string>>> {
  const families = new Map<string, ReadonlySet<string>>();
  for (const text of texts) {
    const { schema, name } = nameParts(text);
    const found = named.filter(
      (relation) => relation.name === name && (schema === undefined ? relation.visible : relation.schema === schema),
    );
    families.set(
      text,
      found.some(({ heirs }) => heirs)
        ? await family(session, text)
        : new Set(found.map((relation) => `${relation.schema}.${relation.name}`)),
    );
  }
  return families;
}

/** A table and all that inherit from it, its partitions among them: "schema.name". */
async function family(session: Session, text: string): Promise<ReadonlySet<string>> {
  const { schema, name } = nameParts(text);
  const { rows } = await session.run(
    `WITH RECURSIVE family(oid) AS (
       SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relname = $1 AND CASE WHEN $2::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END
       UNION
       SELECT i.inhrelid FROM family f JOIN pg_catalog.pg_inherits i ON i.inhparent = f.oid
     )
     SELECT n.nspname, c.relname FROM family f JOIN pg_catalog.pg_class c ON c.oid = f.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`,
    { parameters: [name, schema ?? null] },
  );
  return new Set(rows.map(([namespace, relation]) => `${namespace ?? ''}.${relation ?? ''}`));
}

async function leadingColumns(
  session: Session,
  relation: string,
  on: readonly string[],
): Promise<readonly string[] | undefined> {
  const expressions = on.map((part) => splitKey(part).expression);
  if (expressions.every((expression) => /^[a-z_][a-z0-9_]*$/.test(expression))) return expressions;
  const found = await findRelation(session, relation);
  return found && (await indexAsPostgres(session, found, { on: expressions }))?.keys;
}

/** The scans of a table and its partitions that were run. */
export function executedReads(plan: Plan, catalog: PlanCatalog, relation: string): RelationRead[] {
  return readsOf(plan).filter(({ node }) => catalog.isOf(node, relation) && !node.neverExecuted);
}

/** Whether an index begins with these columns; quotes that a name does not need are not told apart. */
export function beginsWith(key: readonly string[], columns: readonly string[]): boolean {
  const bare = (text: string): string => /^"([^"]+)"$/.exec(text)?.[1] ?? text;
  return columns.every((column, at) => key[at] !== undefined && bare(key[at]) === bare(column));
}
