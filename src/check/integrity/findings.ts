import { differences, relationsOf, subjectKey, type Difference } from './compare';
import { OF_TABLES, type Category, type Fact } from './fact';
import type { InventoryReference } from './inventory';
import { NEWEST } from './inventorySelects';
import { RESET } from './words';

/** Something that a check's result cannot be trusted with, or should be known beside it. */
export interface Finding {
  /** One or two sentences: what is there, and how to undo it. */
  readonly message: string;
  /** Only told: the check was not misled by it. */
  readonly harmless?: boolean;
  /** The fact of the inventory that it is about; absent where it is about something else. */
  readonly fact?: Pick<Fact, 'category' | 'object'>;
  /** The same for the same kind of finding about the same object. */
  readonly behaviour: string;
}

/** What the database has that neither the start had nor the solution makes, and that would mislead a check; pure. */
export function findingsOf(reference: InventoryReference, now: readonly Fact[]): Finding[] {
  const subjects = new Set(reference.subjects);
  const relations = relationsOf(reference.start);
  const current = relationsOf(now);
  /** Nothing more is to be said of a table that is none any more. */
  const gone = new Set(
    [...relations].filter(([name, kind]) => current.get(name)?.[0] !== kind[0]).map(([name]) => name),
  );
  const found: Finding[] = [];
  for (const difference of differences(reference.start, now)) {
    const fact = (difference.now ?? difference.before) as Fact;
    if (subjects.has(subjectKey(difference))) continue;
    if (ABOUT_TABLES.has(fact.category)) {
      if (!relations.has(fact.object)) continue; // of a table of their own
      if (gone.has(fact.object) && fact.category !== 'relation') continue;
    }
    const finding = judge(difference, now);
    const { category, object } = fact;
    if (finding)
      found.push({
        ...finding,
        fact: { category, object },
        behaviour: `integrity: ${category} ${object} ${fact.name}`.trimEnd(),
      });
  }
  return found;
}

const ABOUT_TABLES = new Set<Category>([...OF_TABLES, 'size']);

type Judged = Omit<Finding, 'behaviour' | 'fact'> | undefined;

function judge({ before, now }: Difference, all: readonly Fact[]): Judged {
  const fact = (now ?? before) as Fact;
  const { object, name } = fact;
  switch (fact.category) {
    case 'relation':
      return relation(object, before?.value, now?.value);
    case 'column':
      return column(object, name, before, now);
    case 'storage':
      return {
        message: now
          ? `${object} has other storage parameters than at the start: ${now.value}. ALTER TABLE ${object} RESET (…) undoes it.`
          : `${object} has lost storage parameters that it had at the start: ${before?.value ?? ''}. ${RESET}`,
      };
    case 'security':
      return {
        message: now
          ? `${object} has row level security, which can hide rows. ALTER TABLE ${object} DISABLE ROW LEVEL SECURITY turns it off.`
          : `${object} has no row level security any more. ${RESET}`,
      };
    case 'trigger':
      return trigger(object, name, before, now);
    case 'rule':
      return {
        message:
          now && !before
            ? `${object} has a rule, ${name}, that the data set does not have. DROP RULE ${name} ON ${object} removes it.`
            : `The rule ${name} of ${object} is not what it was at the start. ${RESET}`,
      };
    case 'inheritance':
      return inheritance(object, name, now !== undefined);
    case 'constraint':
      if (now && !before) return undefined;
      return {
        message: `${object} has lost its constraint ${name}${now ? ': it is not enforced for all rows' : ''}. ${RESET}`,
      };
    case 'index':
      return index(fact, before, now, all);
    case 'tablespace':
      return {
        message: `The tablespace ${object} ${now ? `has options, ${now.value}, that change what plans cost` : 'has lost its options'}. ALTER TABLESPACE ${object} RESET (…) undoes it.`,
      };
    case 'setting':
      return setting(object, name, now);
    case 'event trigger':
      return (
        now && { message: `The database has an event trigger, ${object}. DROP EVENT TRIGGER ${object} removes it.` }
      );
    case 'extension':
      if (now?.object !== 'pg_hint_plan') return undefined;
      return { harmless: true, message: 'The check takes no hints: the extension pg_hint_plan is turned off in it.' };
    case 'function':
      return (
        now && {
          message: `The function ${name} has the name of one of PostgreSQL’s own, so that queries may call it instead. DROP ROUTINE ${name} removes it; under another name it may stay.`,
        }
      );
    case 'operator':
      return (
        now && {
          message: `The operator ${name} has the name of one of PostgreSQL’s own, so that queries may use it instead. DROP OPERATOR ${name} removes it.`,
        }
      );
    case 'cast':
      return now && { message: `The database has a cast of its own, from ${object}. DROP CAST removes it.` };
    case 'operator class':
      return (
        now && { message: `The database has an operator class of its own, ${object}. DROP OPERATOR CLASS removes it.` }
      );
    case 'size':
      return size(object, before, now);
    case 'catalog':
      // the newest row only tells when to look; somebody who is no superuser any more does not even see that
      if (!now || name === NEWEST) return undefined;
      return { message: `PostgreSQL’s own functions, operators or casts were changed. ${RESET}` };
  }
}

const KINDS: Readonly<Record<string, string>> = {
  r: 'a table',
  p: 'a partitioned table',
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
};

function relation(name: string, before: string | undefined, now: string | undefined): Judged {
  if (before === undefined) return undefined;
  if (now === undefined)
    return {
      message: `${name} is gone: there is no ${kind(before).replace(/^an? /, '')} of that name any more. ${RESET}`,
    };
  if (now[0] !== before[0])
    return { message: `${name} is not a table any more: it is ${kind(now)} now, and was ${kind(before)}. ${RESET}` };
  return {
    message: `${name} is ${now[1] === 'u' ? 'unlogged' : 'logged'} now. ALTER TABLE ${name} SET ${now[1] === 'u' ? 'LOGGED' : 'UNLOGGED'} undoes it.`,
  };
}

function kind(value: string): string {
  return KINDS[value[0] ?? ''] ?? 'something else';
}

/** A generated column holds nothing but its own row; any other holds answers of which the data set knows nothing. */
function column(table: string, name: string, before: Fact | undefined, now: Fact | undefined): Judged {
  if (!now) return { message: `${table} has lost its column ${name}. ${RESET}` };
  const is = columnFacts(now.value);
  if (!before) {
    if (is.generated) return undefined;
    return {
      message: `${table} has a column, ${name}, that the data set does not have. ALTER TABLE ${table} DROP COLUMN ${name} removes it.`,
    };
  }
  const was = columnFacts(before.value);
  const alter = `ALTER TABLE ${table} ALTER ${name}`;
  if (is.type !== was.type)
    return { message: `The column ${name} of ${table} is ${is.type} now, and was ${was.type}. ${RESET}` };
  if (is.collation !== was.collation)
    return { message: `The column ${name} of ${table} has another collation than at the start. ${RESET}` };
  if (is.override !== was.override)
    return {
      message: `${table}.${name} has its statistics overridden${is.override === '' ? ' no more' : `: ${is.override}`}. ${is.override === '' ? RESET : `${alter} RESET (n_distinct, n_distinct_inherited), then ANALYZE ${table}, undoes it.`}`,
    };
  // a larger sample is what the manual advises; a smaller one blinds the planner
  if (is.target < was.target)
    return {
      message: `The statistics target of ${table}.${name} is ${is.target}. ${alter} SET STATISTICS -1, then ANALYZE ${table}, undoes it.`,
    };
  if (was.notNull && !is.notNull)
    return { message: `${table}.${name} takes NULL now. ${alter} SET NOT NULL undoes it.` };
  return undefined;
}

interface ColumnFacts {
  readonly type: string;
  readonly collation: string;
  readonly generated: boolean;
  readonly notNull: boolean;
  readonly target: number;
  /** n_distinct and its like, as in pg_attribute.attoptions. */
  readonly override: string;
}

/** PostgreSQL's own target where a column has none: default_statistics_target. */
const DEFAULT_TARGET = 100;

function columnFacts(value: string): ColumnFacts {
  const [type = '', ...rest] = value.split('|');
  const find = (pattern: RegExp): string => rest.find((part) => pattern.test(part)) ?? '';
  const target = find(/^target /);
  return {
    type,
    collation: find(/^\d+$/),
    generated: find(/^[sv]$/) !== '',
    notNull: find(/^not null$/) !== '',
    target: target === '' ? DEFAULT_TARGET : Number(target.slice('target '.length)),
    override: find(/^\{/),
  };
}

function trigger(table: string, name: string, before: Fact | undefined, now: Fact | undefined): Judged {
  if (name === '')
    return (
      now && {
        message: `The foreign keys of ${table} are not enforced. ALTER TABLE ${table} ENABLE TRIGGER ALL undoes it.`,
      }
    );
  if (now && !before)
    return {
      message: `${table} has a trigger, ${name}, that the data set does not have. DROP TRIGGER ${name} ON ${table} removes it.`,
    };
  return { message: `The trigger ${name} of ${table} is not what it was at the start. ${RESET}` };
}

function inheritance(parent: string, child: string, added: boolean): Judged {
  if (!added) return { message: `${child} is no part of ${parent} any more. ${RESET}` };
  return {
    message: `${child} is a part of ${parent} now: queries of ${parent} read it as well. ALTER TABLE ${child} NO INHERIT ${parent} (or DETACH PARTITION) undoes it.`,
  };
}

/** One index of the data set may take the place of another: what begins with the same column serves the same searches. */
function index(fact: Fact, before: Fact | undefined, now: Fact | undefined, all: readonly Fact[]): Judged {
  const valid = now?.value.startsWith('valid') ?? false;
  const [, role, indexName = ''] = /^\w+ (\w+) (?:public\.)?(.*)$/.exec((now ?? before)?.value ?? '') ?? [];
  if (now && !valid) {
    const message = `The index ${indexName} is not valid: building it failed, or it was turned off.`;
    return before
      ? { message: `${message} REINDEX INDEX ${indexName} mends it.` }
      : { harmless: true, message: `${message} The planner does not use it. DROP INDEX ${indexName} removes it.` };
  }
  if (now) return undefined;
  const lead = leading(fact.name);
  const replaced = all.some(
    (other) => other.category === 'index' && other.object === fact.object && leading(other.name) === lead,
  );
  // a constraint has a finding of its own
  if (replaced || role === 'constraint') return undefined;
  return {
    message: `The index ${indexName} on ${fact.object} is gone. CREATE INDEX ON ${fact.object} USING ${fact.name} brings it back.`,
  };
}

function leading(definition: string): string {
  return /^\w+ \(([^,)]+)/.exec(definition)?.[1]?.trim() ?? definition;
}

function setting(name: string, level: string, now: Fact | undefined): Judged {
  if (!now || !/preload_libraries$/.test(name)) return undefined; // settings are pinned, and told by check.ts
  return {
    harmless: true,
    message: `${name} is set for this ${level}: ${now.value}. The check takes no hints from it.`,
  };
}

/** relpages and reltuples: ANALYZE of unchanged rows does not move them far. */
function size(table: string, before: Fact | undefined, now: Fact | undefined): Judged {
  if (!before || !now) return undefined;
  const [pages = 0, rows = 0] = before.value.split(' ').map(Number);
  const [pagesNow = 0, rowsNow = 0] = now.value.split(' ').map(Number);
  const far = (a: number, b: number): boolean => a > 100 && (b < a / 2 || b > a * 2);
  // -1: never analyzed since TRUNCATE or a rewrite
  if (rowsNow < 0 || rows < 0) return undefined;
  // more pages come of updates, fewer of CLUSTER: rows in them tell what was written by hand
  if (!far(rows, rowsNow) && !(far(pages, pagesNow) && pagesNow < pages / 10)) return undefined;
  return {
    message: `pg_class says that ${table} has ${rowsNow.toLocaleString('en-US')} rows in ${pagesNow.toLocaleString('en-US')} pages, which its rows are not. ANALYZE ${table} puts it right.`,
  };
}
