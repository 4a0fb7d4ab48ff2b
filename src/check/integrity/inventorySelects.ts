import { THIRD } from '../newestTransaction';

/** A row of the catalogs: what it is, the object identifier of the relation (or schema) it belongs to, a name, a value. */
export type Row = readonly [kind: string, owner: string, name: string, value: string];

/** Which rows of PostgreSQL's own functions, operators and casts are the newest, and how many there are: a fact's name. */
export const NEWEST = 'newest';

/** Made after initdb (FirstNormalObjectId), and not an extension's member: of those only the extension is a fact. */
const own = (catalog: string): string =>
  `oid >= 16384 AND (SELECT true FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = o.oid AND d.deptype = 'e' LIMIT 1) IS NULL`;

/** Whether PostgreSQL has one of the name: as a subquery, which is planned faster than a join. */
const shadows = (catalog: string, column: string): string =>
  `(SELECT true FROM ${catalog} b WHERE b.${column}name = o.${column}name AND b.${column}namespace = 11 LIMIT 1)`;

/** Catalogs of PostgreSQL's own functions, operators and casts: only superusers can change their rows. */
const CATALOGS = ['pg_proc', 'pg_operator', 'pg_cast'];

/** Of each catalog the number of rows and the least age; then the age of what comes before every transaction. */
export function newestRows(where = ''): string {
  const each = CATALOGS.map((catalog) => `(SELECT row(count(*), min(age(xmin))) FROM ${catalog} ${where})`);
  return `SELECT 'catalog', '', '${NEWEST}', concat_ws(' ', ${THIRD}, ${each.join(', ')}) WHERE current_setting('is_superuser') = 'on'`;
}

/** Ends that only the catalogs are searched. */
export const LEAVE = `SELECT NULL, set_config('search_path', $1, true), NULL, NULL`;

interface Rarely {
  readonly exists: string;
  readonly select: string;
  /** They stand beside PostgreSQL's own in one of `CATALOGS`. */
  readonly amongOwn?: true;
}

export const OWN_FUNCTIONS: Rarely = {
  amongOwn: true,
  exists: `SELECT FROM pg_proc WHERE oid >= 16384`,
  select: `SELECT 'function', proname, oid::regprocedure::text, '' FROM pg_proc o WHERE pronamespace = to_regnamespace('public') AND ${own('pg_proc')} AND ${shadows('pg_proc', 'pro')}`,
};

/** What most databases have none of: planning its SELECTs takes longer than to see that there is nothing to read. */
export const RARELY: readonly Rarely[] = [
  {
    exists: `SELECT FROM pg_trigger WHERE NOT tgisinternal OR tgenabled = 'D'`,
    select: `SELECT DISTINCT 'trigger', tgrelid::text, CASE WHEN tgisinternal THEN '' ELSE tgname END, CASE WHEN tgisinternal THEN 'foreign keys disabled' ELSE pg_get_triggerdef(oid) || ' ' || tgenabled::text END
  FROM pg_trigger WHERE tgrelid >= 16384 AND (NOT tgisinternal OR tgenabled = 'D')`,
  },
  {
    exists: `SELECT FROM pg_rewrite WHERE oid >= 16384`,
    select: `SELECT 'rule', ev_class::text, rulename, pg_get_ruledef(oid) || ' ' || ev_enabled::text FROM pg_rewrite WHERE ev_class >= 16384`,
  },
  {
    exists: `SELECT FROM pg_inherits`,
    select: `SELECT 'inheritance', inhparent::text, inhrelid::text, '' FROM pg_inherits`,
  },
  {
    exists: `SELECT FROM pg_db_role_setting`,
    select: `SELECT 'setting', split_part(entry, '=', 1), CASE WHEN setrole <> 0 THEN 'role' ELSE 'database' END, substr(entry, strpos(entry, '=') + 1)
  FROM pg_db_role_setting, unnest(setconfig) AS entry
  WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) AND setrole IN (0, to_regrole(quote_ident(current_user)))`,
  },
  OWN_FUNCTIONS,
  {
    amongOwn: true,
    exists: `SELECT FROM pg_operator WHERE oid >= 16384`,
    select: `SELECT 'operator', oprname, oid::regoperator::text, '' FROM pg_operator o WHERE oprnamespace = to_regnamespace('public') AND ${own('pg_operator')} AND ${shadows('pg_operator', 'opr')}`,
  },
  {
    amongOwn: true,
    exists: `SELECT FROM pg_cast WHERE oid >= 16384`,
    select: `SELECT 'cast', format_type(castsource, NULL) || ' to ' || format_type(casttarget, NULL), '', '' FROM pg_cast o WHERE ${own('pg_cast')}`,
  },
  {
    exists: `SELECT FROM pg_opclass WHERE oid >= 16384`,
    select: `SELECT 'operator class', opcname, '', '' FROM pg_opclass o WHERE ${own('pg_opclass')}`,
  },
];

/** The row that tells which of `RARELY` there are, by their numbers. */
export const RARE = 'rare';

/** Each SELECT reads one catalog. What is as ever gives no row, or a short one. */
export const INVENTORY: readonly string[] = [
  `SELECT 'schema', oid::text, nspname::text, NULL FROM pg_namespace`,
  `SELECT 'relation', oid::text, relname, concat_ws('|', relnamespace, relkind, relpersistence, relrowsecurity, relpages || ' ' || reltuples::bigint, reltablespace,
    CASE WHEN relam IN (0, 2) THEN '' ELSE (SELECT amname::text FROM pg_am m WHERE m.oid = relam) END, reloptions::text)
  FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f')`,
  `SELECT 'column', attrelid::text, attname, concat_ws('|', format_type(atttypid, atttypmod), nullif(attcollation, 100), attgenerated, CASE WHEN attnotnull THEN 'not null' END,
    'target ' || nullif(attstattarget, -1), attoptions::text)
  FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped`,
  `SELECT 'constraint', conrelid::text, pg_get_constraintdef(oid), convalidated::text || ' ' || conindid
  FROM pg_constraint WHERE conrelid >= 16384 AND contype IN ('p', 'u', 'f', 'c', 'x')`,
  `SELECT 'index', indrelid::text, pg_get_indexdef(indexrelid), concat_ws(' ', CASE WHEN indisvalid AND indisready AND indislive THEN 'valid' ELSE 'invalid' END, indexrelid::oid, indexrelid::regclass)
  FROM pg_index WHERE indrelid >= 16384`,
  `SELECT 'tablespace', spcname, '', spcoptions::text FROM pg_tablespace WHERE spcoptions IS NOT NULL`,
  `SELECT 'event trigger', evtname, '', evtenabled::text FROM pg_event_trigger`,
  `SELECT 'extension', extname, '', '' FROM pg_extension`,
  newestRows(),
  `SELECT '${RARE}', concat_ws(' ', ${RARELY.map(({ exists }, at) => `CASE WHEN EXISTS (${exists}) THEN ${at} END`).join(', ')}), NULL, NULL`,
];

export const CATALOG = `
SELECT pg_catalog.concat_ws(' ',
  (SELECT pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', oid, proname, prolang, procost, prorows, prosupport::pg_catalog.oid, prokind, prosecdef, proisstrict, proretset, provolatile, proparallel, proargtypes, prosrc, proconfig), 0)) FROM pg_catalog.pg_proc WHERE oid < 16384),
  (SELECT pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', oid, oprname, oprcanmerge, oprcanhash, oprcom, oprnegate, oprcode::pg_catalog.oid, oprrest::pg_catalog.oid, oprjoin::pg_catalog.oid), 0)) FROM pg_catalog.pg_operator WHERE oid < 16384),
  (SELECT pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', castsource, casttarget, castfunc, castcontext, castmethod), 0)) FROM pg_catalog.pg_cast WHERE oid < 16384))`;
