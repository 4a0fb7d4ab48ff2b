import { isList, type RawValue } from './raw';
import { ancestorsOf, endOf, isCte, isGather, isInitPlan, stepAt, type Step, type Steps } from './steps';

/**
 * Step 3: where the work of a CTE or an InitPlan was done. EXPLAIN prints both at the top of their query level, yet a CTE runs
 * inside the scans that pull its rows, and an InitPlan once, inside the first node that needs its value.
 */

/** The executed scans of each CTE, by the CTE's step; a CTE that nothing scanned has none. */
export function scansOfCtes(steps: Steps): ReadonlyMap<Step, readonly Step[]> {
  const scans = new Map<Step, Step[]>();
  /** By the step that a CTE is printed under. */
  const owned = new Map<Step, Step[]>();
  for (const step of steps) {
    if (!isCte(step) || step.parent === undefined) continue;
    scans.set(step, []);
    const owner = stepAt(steps, step.parent);
    owned.set(owner, [...(owned.get(owner) ?? []), step]);
  }
  if (scans.size === 0) return scans;
  for (const step of steps) {
    const name = step.properties.get('CTE Name');
    if (step.kind !== 'CTE Scan' || typeof name !== 'string' || step.neverExecuted) continue;
    const cte = cteNamed(steps, owned, name, step);
    if (cte !== undefined) scans.get(cte)?.push(step);
  }
  return scans;
}

/** Names shadow: the nearest query level that has the CTE, and never the CTE that the scan itself is part of. */
function cteNamed(steps: Steps, owned: ReadonlyMap<Step, readonly Step[]>, name: string, scan: Step): Step | undefined {
  let below = scan;
  for (const owner of [scan, ...ancestorsOf(steps, scan)]) {
    const found = owned.get(owner)?.find((cte) => cte.subplan === `CTE ${name}` && cte !== below);
    if (found !== undefined) return found;
    below = owner;
  }
  return undefined;
}

/**
 * The nodes that may have run an InitPlan, the likeliest first: those that mention its value (a Gather evaluates it for what is
 * below), the nodes above these (they re-scan them), the node it is printed under, and everything else of that query level (the
 * mention may be in an output list, which only VERBOSE prints).
 */
export function* runnersOf(steps: Steps, initPlan: Step): Generator<readonly Step[]> {
  const owner = initPlan.parent === undefined ? undefined : stepAt(steps, initPlan.parent);
  if (owner === undefined) return;
  const skipTo = endOf(steps, initPlan);
  const others = steps
    .slice(owner.id, endOf(steps, owner))
    .filter((step) => (step.id < initPlan.id || step.id >= skipTo) && !step.neverExecuted);
  const mentions = mentionOf(initPlan.subplan ?? '');
  const mentioning = others.filter((step) => mentions(step)).map((step) => gatherAbove(steps, step, owner) ?? step);
  yield mentioning;
  for (const step of mentioning) {
    for (const ancestor of ancestorsOf(steps, step)) {
      if (ancestor.id < owner.id) break;
      yield [ancestor];
    }
  }
  yield [owner];
  yield others;
}

export function initPlansOf(steps: Steps): readonly Step[] {
  return steps.filter((step) => isInitPlan(step) && !step.neverExecuted);
}

/** The outermost Gather between the step and the owner of the InitPlan. */
function gatherAbove(steps: Steps, step: Step, owner: Step): Step | undefined {
  let outermost = isGather(step) ? step : undefined;
  for (const ancestor of ancestorsOf(steps, step)) {
    if (ancestor.id < owner.id) break;
    if (isGather(ancestor)) outermost = ancestor;
  }
  return outermost;
}

/** "InitPlan 1 (returns $0,$1)" is read as $0 (to 16), "InitPlan 1" as (InitPlan 1).col1 (17), "InitPlan minmax_1" likewise (19). */
function mentionOf(subplan: string): (step: Step) => boolean {
  const returned = /\(returns ([^)]*)\)/.exec(subplan)?.[1]?.match(/\d+/g);
  if (returned !== undefined && returned !== null) {
    const parameter = new RegExp(`\\$(?:${returned.join('|')})(?!\\d)`);
    return (step) => someText(step, (text) => parameter.test(text));
  }
  return (step) => someText(step, (text) => text.includes(`(${subplan})`));
}

function someText(step: Step, test: (text: string) => boolean): boolean {
  const holds = (value: RawValue): boolean =>
    typeof value === 'string'
      ? test(value)
      : isList(value) && value.some((item) => typeof item === 'string' && test(item));
  for (const [name, value] of step.properties) if (name !== 'Subplan Name' && holds(value)) return true;
  return false;
}
