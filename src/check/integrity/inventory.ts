import type { Session } from '../../sql/session';
import { newestTransaction, THIRD } from '../newestTransaction';
import { CATALOGS_ONLY, SEARCH_PATH } from '../pinned';

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

export interface Inventory {
  readonly facts: readonly Fact[];
  /** There are functions that are not PostgreSQL's, in any schema. */
  readonly ownFunctions: boolean;
}

/**
 * Reads all facts, mostly in one statement. Leaves search_path as every check has it.
 * @param start what is known of the database's start: what did not change since is not read again
 * @param pinned search_path is `CATALOGS_ONLY` already
 */
export async function readInventory(session: Session, start: readonly Fact[] = [], pinned = false): Promise<Inventory> {
  let rows = await readRows(session, INVENTORY, pinned);
  const there = rows.find(([kind]) => kind === RARE)?.[1].split(' ') ?? [];
  const more = RARELY.filter((_, at) => there.includes(String(at)));
  const ownFunctions = more.includes(OWN_FUNCTIONS);
  const selects = more.map(({ select }) => select);
  // without the condition a third quicker, and the same where there are none
  const mixed = more.some(({ amongOwn }) => amongOwn);
  if (mixed) selects.push(newestRows('WHERE oid < 16384'));
  if (selects.length > 0) {
    const further = await readRows(session, selects);
    rows = [...(mixed ? rows.filter(([kind]) => kind !== 'catalog') : rows), ...further];
  }
  const facts = factsOf(rows);
  const newest = facts.find(isNewest);
  if (newest === undefined) return { facts, ownFunctions };
  const known = start.find(isNewest)?.value === newest.value ? start.find(isCatalog) : undefined;
  return { facts: [...facts, known ?? (await readCatalog(session))], ownFunctions };
}

async function readRows(session: Session, selects: readonly string[], pinned = false): Promise<Row[]> {
  if (!pinned) await session.run(`SELECT pg_catalog.set_config('search_path', '${CATALOGS_ONLY}', true)`);
  const sql = [...selects, LEAVE].join(' UNION ALL ');
  const { rows } = await session.run(sql, { parameters: [SEARCH_PATH] });
  return rows.map(([kind, owner, name, value]) => [kind ?? '', owner ?? '', name ?? '', value ?? '']);
}

/** Which rows of PostgreSQL's own functions, operators and casts are the newest, and how many there are. */
const isNewest = ({ category, name }: Fact): boolean => category === 'catalog' && name === NEWEST;
const isCatalog = ({ category, name }: Fact): boolean => category === 'catalog' && name === '';
export const NEWEST = 'newest';

/** What those rows hold: the same on every server of a version. */
async function readCatalog(session: Session): Promise<Fact> {
  const { rows } = await session.run(CATALOG);
  return { category: 'catalog', object: '', name: '', value: rows[0]?.[0] ?? '' };
}

/** A row of the catalogs: what it is, the object identifier of the relation (or schema) it belongs to, a name, a value. */
type Row = readonly [kind: string, owner: string, name: string, value: string];

/** Puts together here what would be joins there: planning twenty of them takes longer than reading the rows. */
function factsOf(rows: readonly Row[]): Fact[] {
  const of = new Map<string, Row[]>();
  for (const row of rows) {
    const known = of.get(row[0]);
    if (known) known.push(row);
    else of.set(row[0], [row]);
  }
  const schemas = new Map<string, string>();
  for (const [, oid, name] of of.get('schema') ?? [])
    if (!/^pg_|^information_schema$/.test(name)) schemas.set(oid, name === 'public' ? '' : `${name}.`);
  const relations = new Map<string, Relation>();
  for (const [, oid, name, value] of of.get('relation') ?? []) {
    const [schema = '', ...rest] = value.split('|');
    const prefix = schemas.get(schema);
    if (prefix !== undefined) relations.set(oid, relation(prefix + name, rest));
  }
  const backing = new Set(
    of.get('constraint')?.map(([, owner, , value]) => `${owner} ${value.slice(value.indexOf(' ') + 1)}`),
  );
  /** By category: in the order of `CATEGORIES`. */
  const facts = new Map<Category, Fact[]>(CATEGORIES.map((category) => [category, []]));
  const add = (fact: Fact): void => void facts.get(fact.category)?.push(fact);
  for (const each of relations.values()) factsOfRelation(each).forEach(add);
  for (const [category, known] of facts)
    for (const row of of.get(category) ?? []) {
      if (category === 'relation') continue;
      const fact = factOf(category, row, relations, backing);
      // several of a foreign key's triggers, turned off, are one fact
      if (
        fact &&
        !(
          category === 'trigger' &&
          fact.name === '' &&
          known.some(({ name, object }) => name === '' && object === fact.object)
        )
      )
        known.push(fact);
    }
  return [...facts.values()].flat();
}

/** @param backing indexes of constraints, with their tables */
function factOf(
  category: Category,
  [, owner, name, value]: Row,
  relations: ReadonlyMap<string, Relation>,
  backing: ReadonlySet<string>,
): Fact | undefined {
  if (category === 'catalog') return { category, object: owner, name, value: newest(value) };
  if (!OF_RELATIONS.has(category)) return { category, object: owner, name, value };
  const of = relations.get(owner);
  if (!of) return undefined;
  const object = of.name;
  if (category === 'inheritance') {
    const child = relations.get(name)?.name;
    return child === undefined ? undefined : { category, object, name: child, value };
  }
  if (!isTable(of)) return undefined;
  if (category === 'constraint') return { category, object, name, value: value.slice(0, value.indexOf(' ')) };
  if (category !== 'index') return { category, object, name, value };
  const [valid = '', oid = '', ...index] = value.split(' ');
  const role = backing.has(`${owner} ${oid}`) ? 'constraint' : 'plain';
  const definition = name.slice(name.indexOf(USING) + USING.length);
  return { category, object, name: definition, value: `${valid} ${role} ${index.join(' ')}` };
}

const USING = ' USING ';

/** Categories whose rows are of a relation, and are left out with it; but for inheritance of a table. */
const OF_RELATIONS = new Set<Category>(['column', 'trigger', 'rule', 'inheritance', 'constraint', 'index']);

interface Relation {
  readonly name: string;
  readonly kind: string;
  readonly persistence: string;
  readonly secured: boolean;
  readonly size: string;
  readonly tablespace: string;
  readonly method: string;
  readonly options: string;
}

function relation(name: string, values: readonly string[]): Relation {
  const [kind = '', persistence = '', secured, size = '', tablespace = '', method = '', ...options] = values;
  return { name, kind, persistence, secured: secured === 't', size, tablespace, method, options: options.join('|') };
}

function isTable({ kind }: Pick<Relation, 'kind'>): boolean {
  return kind === 'r' || kind === 'p';
}

function factsOfRelation({
  name: object,
  kind,
  persistence,
  secured,
  size,
  tablespace,
  method,
  options,
}: Relation): Fact[] {
  const facts: Fact[] = [{ category: 'relation', object, name: '', value: kind + persistence }];
  if (!isTable({ kind })) return facts;
  const storage = [options, tablespace === '0' ? '' : `tablespace ${tablespace}`, method].filter((part) => part !== '');
  if (storage.length > 0) facts.push({ category: 'storage', object, name: '', value: storage.join(' ') });
  if (secured) facts.push({ category: 'security', object, name: '', value: 'on' });
  if (kind === 'r') facts.push({ category: 'size', object, name: '', value: size });
  return facts;
}

/** Made after initdb (FirstNormalObjectId), and not an extension's member: of those only the extension is a fact. */
const own = (catalog: string): string =>
  `oid >= 16384 AND (SELECT true FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = o.oid AND d.deptype = 'e' LIMIT 1) IS NULL`;

/** Whether PostgreSQL has one of the name: as a subquery, which is planned faster than a join. */
const shadows = (catalog: string, column: string): string =>
  `(SELECT true FROM ${catalog} b WHERE b.${column}name = o.${column}name AND b.${column}namespace = 11 LIMIT 1)`;

/** Catalogs of PostgreSQL's own functions, operators and casts: only superusers can change their rows. */
const CATALOGS = ['pg_proc', 'pg_operator', 'pg_cast'];

/** Of each catalog the number of rows and the least age; then the age of what comes before every transaction. */
function newestRows(where = ''): string {
  const each = CATALOGS.map((catalog) => `(SELECT row(count(*), min(age(xmin))) FROM ${catalog} ${where})`);
  return `SELECT 'catalog', '', '${NEWEST}', concat_ws(' ', ${THIRD}, ${each.join(', ')}) WHERE current_setting('is_superuser') = 'on'`;
}

/** What `newestRows` gives, as it stays: ages grow. Rows of initdb's may have none. */
function newest(text: string): string {
  const [third = '', ...each] = text.split(' ');
  return each
    .map((row) => {
      const [count = '', age = ''] = row.slice(1, -1).split(',');
      return `${count} ${age === NO_AGE ? '0' : newestTransaction(age, third)}`;
    })
    .join(' ');
}

const NO_AGE = '2147483647';

/** Ends that only the catalogs are searched. */
const LEAVE = `SELECT NULL, set_config('search_path', $1, true), NULL, NULL`;

interface Rarely {
  readonly exists: string;
  readonly select: string;
  /** They stand beside PostgreSQL's own in one of `CATALOGS`. */
  readonly amongOwn?: true;
}

const OWN_FUNCTIONS: Rarely = {
  amongOwn: true,
  exists: `SELECT FROM pg_proc WHERE oid >= 16384`,
  select: `SELECT 'function', proname, oid::regprocedure::text, '' FROM pg_proc o WHERE pronamespace = to_regnamespace('public') AND ${own('pg_proc')} AND ${shadows('pg_proc', 'pro')}`,
};

/** What most databases have none of: planning its SELECTs takes longer than to see that there is nothing to read. */
const RARELY: readonly Rarely[] = [
  {
    exists: `SELECT FROM pg_trigger WHERE NOT tgisinternal OR tgenabled = 'D'`,
    select: `SELECT 'trigger', tgrelid::text, CASE WHEN tgisinternal THEN '' ELSE tgname END, CASE WHEN tgisinternal THEN 'foreign keys disabled' ELSE pg_get_triggerdef(oid) || ' ' || tgenabled::text END
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
const RARE = 'rare';

/** Each SELECT reads one catalog. What is as ever gives no row, or a short one. */
const INVENTORY: readonly string[] = [
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

const CATALOG = `
SELECT pg_catalog.concat_ws(' ',
  (SELECT pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', oid, proname, prolang, procost, prorows, prosupport::pg_catalog.oid, prokind, prosecdef, proisstrict, proretset, provolatile, proparallel, proargtypes, prosrc, proconfig), 0)) FROM pg_catalog.pg_proc WHERE oid < 16384),
  (SELECT pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', oid, oprname, oprcanmerge, oprcanhash, oprcom, oprnegate, oprcode::pg_catalog.oid, oprrest::pg_catalog.oid, oprjoin::pg_catalog.oid), 0)) FROM pg_catalog.pg_operator WHERE oid < 16384),
  (SELECT pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', castsource, casttarget, castfunc, castcontext, castmethod), 0)) FROM pg_catalog.pg_cast WHERE oid < 16384))`;
