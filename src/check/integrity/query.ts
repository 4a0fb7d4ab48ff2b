import { tokens } from '../../sql/lexer';
import { plannedReads } from './plannedReads';
import type { Cell, Session } from '../../sql/session';
import type { Statement } from '../../sql/statements';
import { undone, textArray } from '../pinned';
import type { Finding } from './findings';

/** What a judged query reads and calls beyond the data set. */
export interface QueryFacts {
  /** Tables, materialized and foreign tables that its plan reads, through views too; with their schema unless public. */
  readonly reads: readonly string[];
  readonly functions: readonly CalledFunction[];
  /** PostgreSQL's own functions in it that run SQL from a text. */
  readonly runsText: readonly string[];
}

export interface CalledFunction {
  readonly name: string;
  /** A helper computes from its arguments alone; anything else hides work from the plan. */
  readonly hides: 'reads' | 'rows' | 'settings' | undefined;
}

/** What the query of the solution reads, and whether students may read tables of their own. */
export interface QueryReference {
  readonly reads: readonly string[];
  readonly functions: readonly string[];
  readonly ownTables: boolean;
}

/**
 * @param ownFunctions whether there are any that are not PostgreSQL's
 * @param known what its plan reads, where it was measured
 * @returns undefined where the query cannot be planned: its expectation tells why
 */
export async function queryFacts(
  session: Session,
  query: Statement,
  parameters: readonly Cell[],
  ownFunctions: boolean,
  known?: readonly string[],
): Promise<QueryFacts | undefined> {
  const reads = known ?? (await undone(session, () => plannedReads(session, query, parameters)));
  if (!reads) return undefined;
  const words = wordsOf(query.text);
  const rows = ownFunctions ? (await session.run(CALLED, { parameters: [textArray(words)] })).rows : [];
  return {
    reads,
    functions: rows.map(([name, returnsSet, settings, hidesReads]) => ({
      name: name ?? '',
      hides: settings === 't' ? 'settings' : hidesReads === 't' ? 'reads' : returnsSet === 't' ? 'rows' : undefined,
    })),
    runsText: words.filter((word) => RUNS_TEXT.has(word)),
  };
}

/** Compares with what the solution's query does; pure. `relations`: those of the start. */
export function queryFindings(
  facts: QueryFacts,
  reference: QueryReference,
  relations: ReadonlyMap<string, string>,
): Finding[] {
  const found: Finding[] = [];
  const tables = [...new Set(reference.reads)].filter((name) => relations.has(name));
  const must = tables.length === 0 ? 'the data set’s tables' : list(tables);
  const foreign = facts.reads.filter(
    (name) => !relations.has(name) && !name.startsWith('pg_catalog.') && !name.startsWith('information_schema.'),
  );
  for (const name of new Set(foreign)) {
    if (reference.ownTables) break;
    found.push({
      message: `The query reads ${name}, which is not of the data set. It must read ${must}.`,
      behaviour: `integrity: reads ${name}`,
    });
  }
  const readsData = facts.reads.some((name) => relations.has(name));
  if (!readsData && found.length === 0 && tables.length > 0 && !reference.ownTables) {
    found.push({
      message: `The query reads none of the data set’s tables. It must read ${must}.`,
      behaviour: 'integrity: reads nothing',
    });
  }
  for (const { name, hides } of facts.functions) {
    if (hides === undefined || reference.functions.includes(name)) continue;
    found.push({
      message: `The query calls ${name}(), a function that ${HIDES[hides]}. Write what it does into the query itself.`,
      behaviour: `integrity: calls ${name}`,
    });
  }
  for (const name of facts.runsText) {
    if (reference.functions.includes(name)) continue;
    found.push({
      message: `The query runs other SQL by ${name}(), which its plan does not show. Write that SQL into the query itself.`,
      behaviour: `integrity: runs ${name}`,
    });
  }
  return found;
}

const HIDES: Readonly<Record<NonNullable<CalledFunction['hides']>, string>> = {
  reads: 'runs SQL which the query’s plan does not show',
  rows: 'returns rows of its own',
  settings: 'has settings of its own',
};

const RUNS_TEXT = new Set([
  'query_to_xml',
  'query_to_xml_and_xmlschema',
  'query_to_xmlschema',
  'cursor_to_xml',
  'table_to_xml',
  'schema_to_xml',
  'database_to_xml',
  'table_to_xml_and_xmlschema',
  'schema_to_xml_and_xmlschema',
  'database_to_xml_and_xmlschema',
  'ts_stat',
  'dblink',
]);

/** Words, quoted names and runs of operator characters, each once; words in lower case, as PostgreSQL folds them. */
function wordsOf(text: string): string[] {
  const words = new Set<string>();
  let operator = '';
  for (const token of tokens(text)) {
    const word = text.slice(token.start, token.end);
    if (token.kind === 'punctuation' && /^[-+*/<>=~!@#%^&|`?]+$/.test(word)) {
      operator += word;
      words.add(operator);
      continue;
    }
    operator = '';
    if (token.kind === 'word') words.add(word.toLowerCase());
    else if (token.kind === 'identifier') words.add(word.slice(1, -1).replaceAll('""', '"'));
  }
  return [...words];
}

function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/**
 * The functions of one's own that a text's words name, that views named by it call, and that operators in it stand for.
 * A body that names a relation, or EXECUTE, reads; what it is declared to be (IMMUTABLE) proves nothing.
 */
const CALLED = `
WITH RECURSIVE schema AS MATERIALIZED (
  SELECT oid FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_(?!temp)' AND nspname <> 'information_schema'
), viewed(oid) AS (
  SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relkind = 'v' AND c.relname = ANY ($1::name[]) AND c.relnamespace IN (SELECT oid FROM schema)
  UNION
  SELECT c.oid FROM viewed v
    JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.oid
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
    JOIN pg_catalog.pg_class c ON c.oid = d.refobjid AND c.relkind = 'v'
), called AS (
  SELECT p.oid FROM pg_catalog.pg_proc p WHERE p.proname = ANY ($1::name[])
  UNION
  SELECT d.refobjid FROM viewed v
    JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.oid
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_proc'::regclass
  UNION
  SELECT o.oprcode FROM pg_catalog.pg_operator o WHERE o.oid >= 16384 AND o.oprname = ANY ($1::name[])
), own AS (
  SELECT p.*, CASE WHEN p.prokind = 'f' THEN pg_catalog.pg_get_functiondef(p.oid) ELSE p.prosrc END AS definition
  FROM called JOIN pg_catalog.pg_proc p ON p.oid = called.oid
  WHERE p.oid >= 16384 AND p.pronamespace IN (SELECT oid FROM schema)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
)
SELECT p.proname, p.proretset, p.proconfig IS NOT NULL,
  p.definition ~* '\\m(execute|query_to_xml|cursor_to_xml|table_to_xml|dblink)' OR EXISTS (
    SELECT FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace IN (SELECT oid FROM schema)
      AND pg_catalog.lower(c.relname::text) = ANY (pg_catalog.regexp_split_to_array(pg_catalog.lower(p.definition), '[^a-z0-9_\\u0080-\\uffff]+')))
FROM own p ORDER BY 1`;
