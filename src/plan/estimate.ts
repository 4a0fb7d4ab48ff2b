import { textOf } from './raw';
import { childrenOf, isCte, stepAt, type Step, type Steps } from './steps';
import { scansOfCtes } from './subplans';

/**
 * Step 5: how far the planner's rows were from the measured ones, per loop: max/min, both at least 1, since the planner never
 * says less (so for 0 rows the factor is a bound). Undefined where the comparison means nothing:
 * - never executed, or not measured;
 * - nodes without rows of their own: BitmapAnd and BitmapOr (always 0), ModifyTable without RETURNING;
 * - the inner side of a merge join, which goes back to a mark and counts rows again;
 * - fewer rows than planned where the node above may have stopped it early (below). More rows than planned still count.
 */
export function estimateFactors(steps: Steps): readonly (number | undefined)[] {
  const stopped = stoppedSteps(steps);
  return steps.map((step) => {
    const { rows, planRows } = step;
    if (rows === undefined || planRows === undefined || isMute(step) || isMarked(steps, step)) return undefined;
    const actual = Math.max(1, rows);
    const planned = Math.max(1, planRows);
    if (actual < planned && stopped.has(step)) return undefined;
    return Math.max(actual, planned) / Math.min(actual, planned);
  });
}

function isMute(step: Step): boolean {
  return step.kind === 'BitmapAnd' || step.kind === 'BitmapOr' || step.kind === 'ModifyTable';
}

function isMarked(steps: Steps, step: Step): boolean {
  const parent = step.parent === undefined ? undefined : stepAt(steps, step.parent);
  return (
    parent?.kind === 'Merge Join' && step.relationship === 'Inner' && parent.properties.get('Inner Unique') !== true
  );
}

/**
 * The steps that may not have been asked for all their rows: below LIMIT, EXISTS, ANY, a merge join whose other side ended, a
 * hash join with an empty table, a window's run condition – down to a node that reads all its input before it answers.
 */
function stoppedSteps(steps: Steps): ReadonlySet<Step> {
  const stopped = new Set<Step>();
  const ctes: Step[] = [];
  const mark = (step: Step, isStopped: boolean): void => {
    if (isStopped) stopped.add(step);
  };
  const walk = (from: Step): void => {
    const pending = [from];
    for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
      for (const child of childrenOf(steps, step)) {
        if (isCte(child)) {
          ctes.push(child);
          continue;
        }
        mark(child, stops(steps, step, child) || (stopped.has(step) && passesOn(step, child)));
        pending.push(child);
      }
    }
  };
  const [root] = steps;
  if (root === undefined) return stopped;
  walk(root);
  // A CTE is read as far as its scans are; what scans it has been walked by then, since later CTEs read earlier ones.
  const scans = scansOfCtes(steps);
  for (let cte = ctes.pop(); cte !== undefined; cte = ctes.pop()) {
    mark(cte, cte.kind !== 'ModifyTable' && (scans.get(cte) ?? []).every((scan) => stopped.has(scan)));
    walk(cte);
  }
  return stopped;
}

/** The parent may leave rows of this child unread, whoever reads the parent. */
function stops(steps: Steps, parent: Step, child: Step): boolean {
  // Which SubPlan is an EXISTS, EXPLAIN says from 17 on only; a hashed one reads everything.
  if (child.relationship === 'SubPlan') return !isHashed(parent, child);
  if (child.relationship === 'InitPlan') return true;
  const join = textOf(parent.properties, 'Join Type') ?? 'Inner';
  const inner = child.relationship === 'Inner';
  switch (parent.kind) {
    case 'Limit':
      return true;
    case 'Nested Loop':
      return inner && (join === 'Semi' || join === 'Anti' || parent.properties.get('Inner Unique') === true);
    case 'Merge Join':
      return inner ? !['Full', 'Right', 'Right Anti'].includes(join) : !['Full', 'Left', 'Anti'].includes(join);
    case 'Hash Join':
      return !inner && !['Full', 'Left', 'Anti'].includes(join) && hasEmptyTable(steps, parent);
    case 'WindowAgg':
      return parent.properties.has('Run Condition');
    default:
      return false;
  }
}

function isHashed(parent: Step, child: Step): boolean {
  const name = `(hashed ${child.subplan ?? ''})`;
  for (const value of parent.properties.values()) {
    if (
      typeof value === 'string'
        ? value.includes(name)
        : Array.isArray(value) && value.some((item) => typeof item === 'string' && item.includes(name))
    )
      return true;
  }
  return false;
}

function hasEmptyTable(steps: Steps, join: Step): boolean {
  return childrenOf(steps, join).some((child) => child.relationship === 'Inner' && child.rows === 0);
}

/** A reader that stops early stops this child too: the parent does not read all of it before its first row. */
function passesOn(parent: Step, child: Step): boolean {
  switch (parent.kind) {
    case 'Sort':
    case 'Hash':
    case 'ModifyTable':
    case 'BitmapAnd':
    case 'BitmapOr':
    case 'Bitmap Heap Scan':
      return false;
    case 'Aggregate':
    case 'SetOp':
      return parent.properties.get('Strategy') === 'Sorted';
    case 'Hash Join':
      return child.relationship !== 'Inner';
    default:
      return true;
  }
}
