import type { PlanNode } from '../model';
import { isOwn, termsOf, type Column, type Side, type Term } from './conditions';
import { list, text, type Facts } from './facts';
import type { Fix } from './finding';
import { identifier, tableName } from './names';
import { formatCount } from '../words';

/** What to do about a wrong estimate: which statistics PostgreSQL lacks, as far as the node tells. */
export function statisticsFixes(facts: Facts, node: PlanNode): readonly Fix[] {
  if (node.kind === 'Function Scan' || node.kind === 'Table Function Scan' || node.kind === 'ProjectSet')
    return functionFixes(node);
  if (node.kind === 'Foreign Scan') return foreignFixes(node);
  if (node.kind === 'Recursive Union' || node.kind === 'WorkTable Scan')
    return [
      staged(
        'PostgreSQL assumes that each round of a recursion gives ten times its start, whatever the data. Where it misleads the rest,',
      ),
    ];
  if (node.kind === 'Aggregate' || node.kind === 'Group' || node.kind === 'Unique') return groupFixes(facts, node);
  if (node.relation !== undefined) return tableFixes(facts, node);
  if (node.kind === 'CTE Scan' || node.kind === 'Subquery Scan')
    return [
      {
        kind: 'rewrite',
        text: 'There are no statistics about the output of a subquery: filter on the tables inside it, where there are some.',
      },
      staged('Or'),
    ];
  return joinFixes(facts, node);
}

function staged(start: string): Fix {
  return {
    kind: 'rewrite',
    text: `${start} put the intermediate result into a temporary table, ANALYZE it, and go on from there.`,
  };
}

/** Conditions on a table: of one column, of several that go together, of expressions. */
function tableFixes(facts: Facts, node: PlanNode): Fix[] {
  const table = tableName(node);
  const { columns, expressions, hasParameter, hasConstant } = comparedBy(facts, node);
  const fixes: Fix[] = [
    {
      kind: 'maintenance',
      text: 'Gather statistics anew; if that is enough, autovacuum comes too seldom.',
      sql: `ANALYZE ${table};`,
    },
  ];
  if (hasParameter)
    fixes.push({
      kind: 'setting',
      text: 'The plan was made for any parameter value. For values that differ much, plan each execution anew.',
      sql: 'SET plan_cache_mode = force_custom_plan;',
    });
  const targets = [...columns.map(identifier), ...expressions.map((expression) => `(${expression})`)].slice(
    0,
    MOST_TARGETS,
  );
  const [first] = columns;
  if (targets.length > 1)
    fixes.push({
      kind: 'maintenance',
      text: `Tell the planner how these go together: it multiplies their selectivities as if they were independent.${expressions.length > 0 ? ' Expressions are possible from 14 on.' : ''}`,
      sql: createStatistics(node, '', targets),
    });
  else if (expressions.length === 1)
    fixes.push({
      kind: 'maintenance',
      text: 'Gather statistics of the expression (from 14 on): without them PostgreSQL assumes a fixed share.',
      sql: createStatistics(node, '', targets),
    });
  else if (first !== undefined && !hasConstant)
    fixes.push({
      kind: 'rewrite',
      text: `What ${identifier(first)} is compared with is known only while the plan runs, so the mean of all values is assumed. Where some are far more frequent, look the value up first and write it into the query.`,
    });
  else if (first !== undefined)
    fixes.push({
      kind: 'maintenance',
      text: 'If the values are many and uneven, keep more of them in the statistics (default 100).',
      sql: `ALTER TABLE ${table} ALTER COLUMN ${identifier(first)} SET STATISTICS 1000;\nANALYZE ${table};`,
    });
  return fixes;
}

/** PostgreSQL's limit for one statistics object. */
const MOST_TARGETS = 8;

interface Compared {
  readonly columns: readonly string[];
  readonly expressions: readonly string[];
  /** "$1" of a generic plan. */
  readonly hasParameter: boolean;
  /** A column is compared with a value that the planner knew. */
  readonly hasConstant: boolean;
}

function comparedBy(facts: Facts, node: PlanNode): Compared {
  const columns = new Set<string>();
  const expressions = new Set<string>();
  let hasParameter = false;
  let hasConstant = false;
  const owns = (column: Column): boolean => isOwn(node, column);
  const addSide = (side: Side | undefined): void => {
    if (side?.kind === 'column' && owns(side.column)) columns.add(side.column.name);
    else if (
      side?.kind === 'expression' &&
      side.columns.length > 0 &&
      side.columns.every(owns) &&
      side.bare.length < 200
    )
      expressions.add(side.bare);
    else if (side?.kind === 'parameter' && /^\(?\$\d+\)?/.test(side.sql))
      hasParameter ||= !isInitPlanParameter(facts, side.sql);
  };
  const terms: Term[] = [];
  for (const name of ['Index Cond', 'Recheck Cond', 'Filter'])
    for (const term of termsOf(text(node, name)) ?? []) terms.push(term);
  for (const { operator = '', quantifier, left, right } of terms.slice(0, 32)) {
    // What differs from a value, or is any value at all, is nearly everything: no combination to count.
    if (operator === '<>' || operator === 'IS NOT NULL') continue;
    hasConstant ||=
      right === undefined || left?.kind === 'constant' || right.kind === 'constant' || quantifier === 'ANY';
    addSide(left);
    addSide(right);
  }
  return { columns: [...columns], expressions: [...expressions], hasParameter, hasConstant };
}

/** By plan: the parameters that InitPlans return. */
const returned = new WeakMap<Facts, ReadonlySet<string>>();

/** Before 17 an InitPlan's value is printed as a parameter too. */
function isInitPlanParameter(facts: Facts, sql: string): boolean {
  let known = returned.get(facts);
  if (known === undefined) {
    const found = new Set<string>();
    for (const { subplan } of facts.subplans) {
      const names = subplan === undefined ? undefined : /\(returns ([^)]*)\)/.exec(subplan)?.[1];
      for (const name of names?.split(',') ?? []) found.add(name);
    }
    returned.set(facts, (known = found));
  }
  return known.has(/\$\d+/.exec(sql)?.[0] ?? '');
}

function createStatistics(node: PlanNode, kinds: string, targets: readonly string[]): string {
  const words = targets.map((target) => target.replace(/[^\p{L}\p{N}_]+/gu, '_').replace(/^_+|_+$/g, ''));
  const name = identifier(`${node.relation ?? ''}_${words.join('_')}`.slice(0, 55) + '_stats');
  const schema = node.schema === undefined || node.schema.startsWith('pg_temp') ? '' : `${identifier(node.schema)}.`;
  return `CREATE STATISTICS ${schema}${name}${kinds} ON ${targets.join(', ')} FROM ${tableName(node)};\nANALYZE ${tableName(node)};`;
}

/** How many groups there are: the number of distinct values, of several columns together. */
function groupFixes(facts: Facts, node: PlanNode): Fix[] {
  if (text(node, 'Filter') !== undefined)
    return [
      staged(
        'How many groups pass HAVING is not known beforehand: PostgreSQL has no statistics of aggregates. Where it misleads the rest,',
      ),
    ];
  const keys = list(node, 'Group Key').slice(0, MOST_TARGETS);
  const scans = scansBelow(facts, node);
  const table = scans.length === 1 ? scans[0] : undefined;
  const fixes: Fix[] = scans.length === 0 ? [] : [analyze(scans)];
  const columns = keys.flatMap((key) => {
    const [term] = termsOf(key) ?? [];
    return term?.left?.kind === 'column' ? [term.left.column] : [];
  });
  const scan =
    table ??
    scans.find(
      (one) => columns.length > 0 && columns.every(({ qualifier }) => qualifier === (one.alias ?? one.relation)),
    );
  const owned = scan === undefined ? [] : columns.filter((column) => isOwn(scan, column));
  const [first] = owned;
  if (scan === undefined || first === undefined || owned.length !== keys.length)
    return [
      ...fixes,
      staged('How many groups come out of an expression or a join is not known beforehand: where it matters,'),
    ];
  return [
    ...fixes,
    owned.length > 1
      ? {
          kind: 'maintenance',
          text: 'Let PostgreSQL count how many combinations of these columns there are.',
          sql: createStatistics(
            scan,
            ' (ndistinct)',
            owned.map(({ name }) => identifier(name)),
          ),
        }
      : table === undefined || !isWhole(scan)
        ? {
            kind: 'maintenance',
            text: 'If ANALYZE keeps missing how many values there are, let it look at more rows (default 100).',
            sql: `ALTER TABLE ${tableName(scan)} ALTER COLUMN ${identifier(first.name)} SET STATISTICS 1000;\nANALYZE ${tableName(scan)};`,
          }
        : {
            kind: 'maintenance',
            text: `If ANALYZE keeps missing how many values there are, state it: ${formatCount(node.rows ?? 0)} were found here, a negative number is a share of the rows.`,
            sql: `ALTER TABLE ${tableName(scan)} ALTER COLUMN ${identifier(first.name)} SET (n_distinct = ${Math.max(1, Math.round(node.rows ?? 1)).toFixed(0)});\nANALYZE ${tableName(scan)};`,
          },
  ];
}

/** Read without a condition: what was found is true of the whole table. */
function isWhole(scan: PlanNode): boolean {
  return scan.kind === 'Seq Scan' && scan.processes === 1 && text(scan, 'Filter') === undefined;
}

function joinFixes(facts: Facts, node: PlanNode): Fix[] {
  const scans = scansBelow(facts, node);
  return [
    ...(scans.length === 0 ? [] : [analyze(scans)]),
    staged(
      'Statistics are of one table each, so PostgreSQL cannot know how the two sides match. Where fresh ones change nothing,',
    ),
  ];
}

function analyze(scans: readonly PlanNode[]): Fix {
  return {
    kind: 'maintenance',
    text: 'Gather statistics anew of what is read below.',
    sql: `ANALYZE ${[...new Set(scans.map(tableName))].join(', ')};`,
  };
}

/** Subtrees are searched that far. */
const MOST_NODES = 200;
const MOST_TABLES = 8;

function scansBelow(facts: Facts, top: PlanNode): PlanNode[] {
  const scans: PlanNode[] = [];
  const end = Math.min(facts.nodes.length, top.id + MOST_NODES);
  for (let id = top.id + 1; id < end && scans.length < MOST_TABLES; id++) {
    const node = facts.node(id);
    if (node.depth <= top.depth) break;
    if (node.relation !== undefined && node.kind !== 'ModifyTable') scans.push(node);
  }
  return scans;
}

/** Functions of PostgreSQL itself: theirs is no number to change. */
const BUILT_IN = /^(?:generate_|unnest$|jsonb?_|json_|regexp_|string_to_|xmltable|pg_|ts_|information_schema)/;

function functionFixes(node: PlanNode): Fix[] {
  const name = text(node, 'Function Name');
  const schema = node.schema ?? text(node, 'Schema');
  if (name === undefined || schema === 'pg_catalog' || BUILT_IN.test(name))
    return [staged('PostgreSQL assumes a fixed number of rows for a function. Where it misleads the rest,')];
  const qualified = schema === undefined ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;
  return [
    {
      kind: 'maintenance',
      text: 'Declare how many rows the function gives; 1,000 is assumed otherwise.',
      sql: `ALTER FUNCTION ${qualified} ROWS ${Math.max(1, Math.round(node.rows ?? 1)).toFixed(0)};`,
    },
  ];
}

function foreignFixes(node: PlanNode): Fix[] {
  const table = node.relation === undefined ? undefined : tableName(node);
  return [
    {
      kind: 'maintenance',
      text: 'Gather statistics of the foreign table: autovacuum does not.',
      ...(table === undefined ? {} : { sql: `ANALYZE ${table};` }),
    },
    {
      kind: 'setting',
      text: 'Let postgres_fdw ask the other server for its estimate.',
      ...(table === undefined ? {} : { sql: `ALTER FOREIGN TABLE ${table} OPTIONS (ADD use_remote_estimate 'true');` }),
    },
  ];
}
