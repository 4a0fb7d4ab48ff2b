import type { Access, Bound, Join, JoinMethod, PlanExpectation, Read } from '../../course/schema';
import { worstEstimate, type ReadKind, type RelationRead } from '../../plan/find';
import type { Plan, PlanNode } from '../../plan/model';
import { figureOf } from '../../plan/raw';
import { formatCount, formatFactor, nodeTitle } from '../../plan/words';
import type { Outcome } from '../verdict';
import { beginsWith, executedReads, type PlanCatalog } from './planCatalog';

/** A figure of the start and of the solution; undefined while they are measured. */
export interface Figure {
  readonly start: number | undefined;
  readonly solution: number | undefined;
}

const ACCEPTS: Readonly<Record<Access, readonly ReadKind[]>> = {
  seq: ['seq'],
  index: ['index', 'index-only', 'bitmap'],
  'index-only': ['index-only'],
  bitmap: ['bitmap'],
  none: [],
};

const WAY: Readonly<Record<Access, string>> = {
  seq: 'a sequential scan',
  index: 'an index',
  'index-only': 'an index-only scan',
  bitmap: 'a bitmap scan',
  none: 'nothing',
};

/** How one table is read, in all plans. */
export function readOutcome(relation: string, read: Read, plans: readonly Plan[], catalog: PlanCatalog): Outcome {
  const { by = read.index === undefined && read.on === undefined ? [] : ['index' as const] } = read;
  const name = `reads ${relation}`;
  const scans = plans.map((plan) => executedReads(plan, catalog, relation));
  const expected = by.map((way) => WAY[way]).join(' or ');
  const ways = by.filter((way) => way !== 'none');
  const unread = scans.some((found) => found.length === 0);
  if (by.includes('none') && scans.every((found) => found.length === 0))
    return { passed: true, message: `${relation} is not read.`, behaviour: `${name}: right` };
  if (ways.length === 0 && by.includes('none')) {
    const node = scans.flat()[0]?.node;
    return {
      passed: false,
      message: `The plan reads ${relation}.`,
      ...(node && { seen: title(node) }),
      behaviour: `${name}: read`,
    };
  }
  if (unread)
    return {
      passed: false,
      message: `The plan does not read ${relation}.`,
      ...(expected !== '' && { expected: `${relation} through ${expected}` }),
      seen: 'not read',
      behaviour: `${name}: unread`,
    };
  const accepted = new Set(ways.flatMap((way) => ACCEPTS[way]));
  const wrong = ways.length === 0 ? undefined : scans.flat().find(({ how }) => !accepted.has(how));
  if (wrong)
    return {
      passed: false,
      message: `${label(relation, wrong)} is read by a ${wrong.node.type}.`,
      expected,
      seen: title(wrong.node),
      behaviour: `${name}: ${wrong.how}`,
    };
  return indexOutcome(relation, read, scans.flat(), catalog, expected);
}

function indexOutcome(
  relation: string,
  { index, on }: Read,
  scans: readonly RelationRead[],
  catalog: PlanCatalog,
  expected: string,
): Outcome {
  const name = `reads ${relation}`;
  const other = index === undefined ? undefined : scans.find(({ indexes }) => !indexes.includes(index));
  if (other)
    return {
      passed: false,
      message: `${label(relation, other)} is read without the index ${index ?? ''}.`,
      expected: index ?? '',
      seen: other.indexes.join(', ') || title(other.node),
      behaviour: `${name}: other-index`,
    };
  const columns = on && catalog.leading(relation);
  // which columns are asked for is the solution: what was found is told, and that it is not them
  const strange =
    on &&
    scans.find((scan) => !columns || !scan.indexes.some((used) => beginsWith(catalog.keyOf(scan, used), columns)));
  if (strange) {
    const used = strange.indexes[0];
    return {
      passed: false,
      message:
        used === undefined
          ? `${label(relation, strange)} is read without an index.`
          : `${label(relation, strange)} is read through ${used}, which does not begin with the columns that this needs.`,
      seen:
        strange.indexes.map((each) => `${each} (${catalog.keyOf(strange, each).join(', ')})`).join(', ') ||
        title(strange.node),
      behaviour: `${name}: other-columns`,
    };
  }
  const how = expected === '' || index !== undefined ? (index ?? 'the right index') : expected;
  return { passed: true, message: `${relation} is read through ${how}.`, behaviour: `${name}: right` };
}

/** "orders", or "orders_2025 of orders". */
function label(relation: string, { relation: found }: RelationRead): string {
  return relation === found || relation.endsWith(`.${found}`) ? relation : `${found} of ${relation}`;
}

/** A node without a schema that every student's table is in. */
export function title(node: PlanNode): string {
  return nodeTitle(node.schema === 'public' ? { ...node, schema: undefined } : node);
}

/** Also where it is parallel, partial, or joins in another way than inner. */
function isType({ type, kind }: PlanNode, wanted: string): boolean {
  return (
    type === wanted || kind === wanted || type.replace(/^(?:(?:Parallel|Async|Partial|Finalize) )+/, '') === wanted
  );
}

export function usesOutcome(type: string, plans: readonly Plan[]): Outcome {
  const passed = plans.every((plan) => plan.nodes.some((node) => isType(node, type)));
  return {
    passed,
    message: passed ? `The plan has ${article(type)}.` : `The plan has no ${type}.`,
    behaviour: `uses ${type}: ${String(passed)}`,
  };
}

export function avoidsOutcome(type: string, plans: readonly Plan[]): Outcome {
  const found = plans.flatMap((plan) => plan.nodes).find((node) => isType(node, type));
  return {
    passed: !found,
    message: found ? `The plan still has ${article(type)}.` : `No ${type}.`,
    ...(found && { seen: title(found) }),
    behaviour: `avoids ${type}: ${String(!found)}`,
  };
}

function article(type: string): string {
  return `${/^[AEIO]/.test(type) ? 'an' : 'a'} ${type}`;
}

const METHODS: Readonly<Record<JoinMethod, { kind: string; words: string }>> = {
  hash: { kind: 'Hash Join', words: 'a hash join' },
  merge: { kind: 'Merge Join', words: 'a merge join' },
  'nested-loop': { kind: 'Nested Loop', words: 'a nested loop' },
};

const JOINS = new Set(Object.values(METHODS).map(({ kind }) => kind));

export function joinsOutcomes(
  joins: 'none' | readonly Join[],
  plans: readonly Plan[],
  catalog: PlanCatalog,
): Outcome[] {
  if (joins === 'none') {
    const found = plans.flatMap((plan) => plan.nodes).find(({ kind }) => JOINS.has(kind));
    const message = found ? `The plan still has ${article(found.type)}.` : 'Nothing is joined.';
    return [{ passed: !found, message, ...(found && { seen: title(found) }), behaviour: `joins: ${String(!found)}` }];
  }
  return joins.map((join) => joinOutcome(join, plans, catalog));
}

function joinOutcome({ method, of }: Join, plans: readonly Plan[], catalog: PlanCatalog): Outcome {
  const names = of === undefined ? 'The tables' : listed(of);
  const behaviour = (what: string): string => `join ${of?.join(' ') ?? 'all'}: ${what}`;
  const found = plans.map((plan) =>
    of === undefined ? plan.nodes.filter(({ kind }) => JOINS.has(kind)) : lowestJoin(plan, of, catalog),
  );
  const expected = method?.map((each) => METHODS[each].words).join(' or ');
  if (found.some((nodes) => nodes.length === 0))
    return {
      passed: false,
      message: `${names} are not joined.`,
      ...(expected !== undefined && { expected }),
      behaviour: behaviour('none'),
    };
  const wrong = method && found.flat().find(({ kind }) => !method.some((each) => METHODS[each].kind === kind));
  if (wrong)
    return {
      passed: false,
      message: `${names} are joined by a ${wrong.type}.`,
      ...(expected !== undefined && { expected }),
      seen: title(wrong),
      behaviour: behaviour(wrong.kind.replace(' ', '-')),
    };
  return { passed: true, message: `${names} are joined by ${expected ?? 'one join'}.`, behaviour: behaviour('right') };
}

/** The join that brings them together: the lowest with all of them below it. */
function lowestJoin(plan: Plan, of: readonly string[], catalog: PlanCatalog): PlanNode[] {
  const scans = of.map((relation) => executedReads(plan, catalog, relation).map(({ node }) => node.id));
  // in pre-order a subtree is one stretch
  const endOf = (node: PlanNode): number => {
    const after = plan.nodes.findIndex(({ id, depth }) => id > node.id && depth <= node.depth);
    return after === -1 ? plan.nodes.length : after;
  };
  const lowest = plan.nodes.findLast((node) => {
    if (!JOINS.has(node.kind)) return false;
    const end = endOf(node);
    return scans.every((ids) => ids.some((id) => id > node.id && id < end));
  });
  return lowest ? [lowest] : [];
}

export function sortsOutcome(most: number, plans: readonly Plan[]): Outcome {
  const sorts = plans.map((plan) => plan.nodes.filter(({ kind }) => kind === 'Sort' || kind === 'Incremental Sort'));
  const worst = sorts.reduce((a, b) => (b.length > a.length ? b : a), []);
  const passed = worst.length <= most;
  const count = worst.length === 1 ? 'once' : worst.length === 2 ? 'twice' : `${worst.length} times`;
  return {
    passed,
    message: passed
      ? worst.length === 0
        ? 'Nothing is sorted.'
        : `The plan sorts ${count}.`
      : `The plan sorts ${count}; ${most === 0 ? 'no sort' : `${most} at most`} is asked for.`,
    ...(!passed && worst[0] && { seen: title(worst[0]) }),
    behaviour: `sorts: ${String(passed)}`,
  };
}

/** A node that writes temporary blocks itself. */
export function spillsOutcome(plans: readonly Plan[]): Outcome {
  const written = (node: PlanNode): number => node.exclusiveBuffers?.tempWritten ?? 0;
  const found = plans
    .flatMap((plan) => plan.nodes)
    .reduce<PlanNode | undefined>(
      (worst, node) => (written(node) > (worst ? written(worst) : 0) ? node : worst),
      undefined,
    );
  return {
    passed: !found,
    message: found
      ? `${article(found.type).replace(/^a/, 'A')} writes ${formatCount(written(found))} temporary blocks.`
      : 'Nothing is written to temporary files.',
    ...(found && { expected: 'none', seen: title(found) }),
    behaviour: `spills: ${String(!found)}`,
  };
}

export function estimateOutcome(
  { 'at-most': most, of }: NonNullable<PlanExpectation['estimate']>,
  plans: readonly Plan[],
  catalog: PlanCatalog,
): Outcome {
  const judged = plans.map((plan) =>
    of === undefined ? plan : { ...plan, nodes: plan.nodes.filter((node) => catalog.isOf(node, of)) },
  );
  if (of !== undefined && judged.some(({ nodes }) => nodes.length === 0))
    return { passed: false, message: `The plan does not read ${of}.`, behaviour: 'estimate: unread' };
  const worst = judged
    .map(worstEstimate)
    .reduce((a, b) => ((b?.estimateFactor ?? 0) > (a?.estimateFactor ?? 0) ? b : a), undefined);
  const factor = worst?.estimateFactor ?? 1;
  const passed = factor <= most;
  return {
    passed,
    message: passed
      ? factor < 1.05
        ? 'Row estimates are right.'
        : `No row estimate is off by more than ${formatFactor(factor)}.`
      : `A row estimate is off by ${formatFactor(factor)}, at ${worst ? title(worst) : 'the root'}.`,
    ...(!passed && { expected: `at most ${formatFactor(most)}`, seen: formatFactor(factor) }),
    behaviour: `estimate: ${String(passed)}`,
  };
}

/** @param unit "buffers", "rows" */
export function limitOutcome(amount: number, most: Bound, unit: string, figure: Figure): Outcome {
  const limit = resolve(most, figure);
  // measuring the start or the solution itself: there is nothing to compare with yet
  if (limit === undefined)
    return { passed: true, message: `${formatCount(amount)} ${unit}.`, behaviour: `${unit}: true` };
  const passed = amount <= limit.amount;
  const at = formatCount(Math.floor(limit.amount));
  return {
    passed,
    message: passed
      ? `Reads ${formatCount(amount)} ${unit}.`
      : `Reads ${formatCount(amount)} ${unit}, ${at} at most are asked for.`,
    ...(!passed && { expected: `at most ${at} ${unit}${limit.of}`, seen: `${formatCount(amount)} ${unit}` }),
    behaviour: `${unit}: ${String(passed)}`,
  };
}

function resolve(most: Bound, { start, solution }: Figure): { amount: number; of: string } | undefined {
  if (typeof most === 'number') return { amount: most, of: '' };
  const [, factor = '', what] = /^([\d.]+)\s*[x×]\s*(\w+)$/.exec(most) ?? [];
  const base = what === 'start' ? start : solution;
  if (base === undefined) return undefined;
  const whose = what === 'start' ? 'start' : 'reference solution';
  return { amount: Number(factor) * base, of: ` (${factor} × the ${whose}’s ${formatCount(base)})` };
}

/** Rows that scans of tables fetched over all loops, those that they threw away included. */
export function rowsRead(plan: Plan): number {
  let sum = 0;
  for (const { relation, type, totalRows, loops, properties } of plan.nodes) {
    if (relation === undefined || !/\bScan\b/.test(type)) continue;
    const removed =
      (figureOf(properties, 'Rows Removed by Filter') ?? 0) +
      (figureOf(properties, 'Rows Removed by Index Recheck') ?? 0);
    sum += (totalRows ?? 0) + removed * (loops ?? 0);
  }
  return Math.round(sum);
}

/** @param least 0: there may be none */
export function workersOutcome(least: number, plans: readonly Plan[]): Outcome {
  const planned = plans.map((plan) =>
    Math.max(0, ...plan.nodes.map(({ properties }) => figureOf(properties, 'Workers Planned') ?? 0)),
  );
  if (least === 0) {
    const most = Math.max(0, ...planned);
    return {
      passed: most === 0,
      message: most === 0 ? 'The plan is not parallel.' : `The plan asks for ${workers(most)}.`,
      behaviour: `workers: ${String(most === 0)}`,
    };
  }
  const fewest = Math.min(...planned);
  const passed = fewest >= least;
  return {
    passed,
    message: passed
      ? `The plan asks for ${workers(fewest)}.`
      : fewest === 0
        ? 'The plan is not parallel.'
        : `The plan asks for ${workers(fewest)}.`,
    ...(!passed && { expected: `at least ${workers(least)}`, seen: fewest === 0 ? 'none' : String(fewest) }),
    behaviour: `workers: ${String(passed)}`,
  };
}

function workers(count: number): string {
  return `${count} ${count === 1 ? 'worker' : 'workers'}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
