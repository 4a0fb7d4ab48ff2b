import type { Session } from '../../sql/session';
import { SEARCH_PATH } from '../pinned';

/**
 * One fact of the catalog. Two databases with the same facts plan and answer alike, but for their rows, indexes
 * and statistics.
 */
export interface Fact {
  readonly category: Category;
  /** What it belongs to, such as a table's name; with its schema unless that is public. */
  readonly object: string;
  /** Which of the object's: a column, a trigger. */
  readonly name: string;
  readonly value: string;
}

export const CATEGORIES = [
  'relation',
  'column',
  'storage',
  'security',
  'trigger',
  'rule',
  'inheritance',
  'constraint',
  'index',
  'tablespace',
  'setting',
  'event trigger',
  'extension',
  'function',
  'operator',
  'cast',
  'operator class',
  'size',
  'catalog',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** What the integrity of an exercise is held against: measured on pristine data, before and after the solution. */
export interface InventoryReference {
  readonly start: readonly Fact[];
  /** All that the solution itself changes, as `subjectKey` writes it. */
  readonly subjects: readonly string[];
}

/** Reads all facts in one statement. Leaves search_path as every check has it. */
export async function readInventory(session: Session): Promise<Fact[]> {
  // an operator of somebody's own in public must not read for us; the last SELECT ends that
  await session.run(`SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)`);
  const { rows } = await session.run(INVENTORY, { parameters: [SEARCH_PATH] });
  return rows.flatMap(([category, object, name, value]) =>
    category == null
      ? []
      : [{ category: category as Category, object: object ?? '', name: name ?? '', value: value ?? '' }],
  );
}

/** Of extensions' members only the extension is a fact. */
const own = (catalog: string, alias: string): string =>
  `${alias}.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${alias}.oid AND d.deptype = 'e')`;

/** One SELECT for each category. Defaults give no row, so that the answer is short. */
const INVENTORY = `
WITH schema AS MATERIALIZED (
  SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), rel AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.reltablespace, c.relam,
    c.relpages, c.reltuples, c.relhastriggers, c.relhasrules, c.relispartition,
    CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name
  FROM pg_class c JOIN schema n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
), tab AS MATERIALIZED (
  SELECT * FROM rel WHERE relkind IN ('r', 'p')
)
SELECT 'relation', name, '', relkind::text || relpersistence::text FROM rel
UNION ALL
SELECT 'column', t.name, a.attname, concat_ws('|', format_type(a.atttypid, a.atttypmod), nullif(a.attcollation, 100), a.attgenerated, CASE WHEN a.attnotnull THEN 'not null' END,
    'target ' || nullif(a.attstattarget, -1), a.attoptions::text)
  FROM tab t JOIN pg_attribute a ON a.attrelid = t.oid WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'storage', name, '', concat_ws(' ', reloptions::text, 'tablespace ' || nullif(reltablespace, 0), (SELECT nullif(amname, 'heap') FROM pg_am m WHERE m.oid = relam))
  FROM tab WHERE reloptions IS NOT NULL OR reltablespace <> 0 OR relam NOT IN (0, 2)
UNION ALL
SELECT 'security', name, '', 'on' FROM tab WHERE relrowsecurity
UNION ALL
SELECT 'trigger', t.name, g.tgname, pg_get_triggerdef(g.oid) || ' ' || g.tgenabled::text
  FROM tab t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE t.relhastriggers AND NOT g.tgisinternal
UNION ALL
SELECT DISTINCT 'trigger', t.name, '', 'foreign keys disabled'
  FROM tab t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE t.relhastriggers AND g.tgisinternal AND g.tgenabled = 'D'
UNION ALL
SELECT 'rule', t.name, r.rulename, pg_get_ruledef(r.oid) || ' ' || r.ev_enabled::text
  FROM tab t JOIN pg_rewrite r ON r.ev_class = t.oid WHERE t.relhasrules
UNION ALL
SELECT 'inheritance', p.name, c.name, '' FROM pg_inherits i JOIN rel p ON p.oid = i.inhparent JOIN rel c ON c.oid = i.inhrelid
UNION ALL
SELECT 'constraint', t.name, pg_get_constraintdef(k.oid), k.convalidated::text
  FROM tab t JOIN pg_constraint k ON k.conrelid = t.oid WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
UNION ALL
SELECT 'index', t.name, regexp_replace(pg_get_indexdef(x.indexrelid), '^.*? USING ', ''), concat_ws(' ', CASE WHEN x.indisvalid AND x.indisready AND x.indislive THEN 'valid' ELSE 'invalid' END, CASE WHEN EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.conrelid = t.oid) THEN 'constraint' ELSE 'plain' END, x.indexrelid::regclass)
  FROM tab t JOIN pg_index x ON x.indrelid = t.oid
UNION ALL
SELECT 'tablespace', spcname, '', spcoptions::text FROM pg_tablespace WHERE spcoptions IS NOT NULL
UNION ALL
SELECT 'setting', split_part(entry, '=', 1), CASE WHEN setrole <> 0 THEN 'role' ELSE 'database' END, substr(entry, strpos(entry, '=') + 1)
  FROM pg_db_role_setting, unnest(setconfig) AS entry
  WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    AND setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_user))
UNION ALL
SELECT 'event trigger', evtname, '', evtenabled::text FROM pg_event_trigger
UNION ALL
SELECT 'extension', extname, '', '' FROM pg_extension
UNION ALL
SELECT 'function', p.proname, p.oid::regprocedure::text, '' FROM pg_proc p
  WHERE p.pronamespace = to_regnamespace('public') AND EXISTS (SELECT FROM pg_proc b WHERE b.proname = p.proname AND b.pronamespace = 11) AND ${own('pg_proc', 'p')}
UNION ALL
SELECT 'operator', o.oprname, o.oid::regoperator::text, '' FROM pg_operator o
  WHERE o.oprnamespace = to_regnamespace('public') AND EXISTS (SELECT FROM pg_operator b WHERE b.oprname = o.oprname AND b.oprnamespace = 11) AND ${own('pg_operator', 'o')}
UNION ALL
SELECT 'cast', format_type(c.castsource, NULL) || ' to ' || format_type(c.casttarget, NULL), '', '' FROM pg_cast c WHERE ${own('pg_cast', 'c')}
UNION ALL
SELECT 'operator class', c.opcname, '', '' FROM pg_opclass c WHERE ${own('pg_opclass', 'c')}
UNION ALL
SELECT 'size', name, '', relpages || ' ' || reltuples::bigint FROM tab WHERE relkind = 'r'
UNION ALL
SELECT 'catalog', '', '', concat_ws(' ', (SELECT concat_ws(' ', count(*), sum(procost), count(proconfig), sum(prorows)) FROM pg_proc WHERE oid < 16384),
    (SELECT concat_ws(' ', count(*), sum(oprcode::oid::bigint), sum(oprrest::oid::bigint), sum(oprjoin::oid::bigint)) FROM pg_operator WHERE oid < 16384),
    (SELECT concat_ws(' ', count(*), sum(castfunc::bigint)) FROM pg_cast WHERE oid < 16384))
UNION ALL
SELECT NULL, set_config('search_path', $1, true), NULL, NULL`;
