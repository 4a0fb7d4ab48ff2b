/** What the page computes of a plan, once. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { alikeOf } from '../../plan/alike';
import type { Comparison } from '../../plan/compare/comparison';
import type { Plan } from '../../plan/model';
import type { PlanSource } from '../../shared/protocol';
import { afterPaint } from '../kit/afterPaint';
import { missing, useModule } from '../kit/useModule';
import type { Findings } from './lookFor';
import { type Tree, treeOf } from './rows';
import { exclusiveShared, type Scale, scaleOf } from './scale';
import { useReading } from './useReading';

export interface Known {
  readonly tree: Tree;
  readonly scale: Scale;
}

export function knownOf(plan: Plan): Known {
  return { tree: treeOf(plan.nodes, alikeOf(plan)), scale: scaleOf(plan) };
}

const NOT_YET: Findings = { all: [], byNode: new Map(), rules: 0 };
/** Also while a statement runs: its plan is looked at next. */
export const loadFindings = async () => (await import('./lookFor')).lookFor;
const loadCompare = async () => (await import('../../plan/compare')).comparePlans;

/** What is wrong with the plan: looked for once the plan stands on the page. `failed`: the rules can't be loaded. */
export function useFindings(plan: Plan | undefined): { readonly findings: Findings; readonly failed: boolean } {
  const { part: lookFor, failed } = useModule(loadFindings);
  const [known, setKnown] = useState<{ readonly plan: Plan; readonly findings: Findings }>();
  useEffect(() => {
    if (lookFor === undefined || plan === undefined) return undefined;
    let isWanted = true;
    void afterPaint()
      .then(() => lookFor(plan, () => isWanted))
      .then((findings) => {
        if (findings !== undefined && isWanted) setKnown({ plan, findings });
      });
    return () => {
      isWanted = false;
    };
  }, [lookFor, plan]);
  return { findings: known?.plan === plan && known !== undefined ? known.findings : NOT_YET, failed };
}

/** With the plan before, where there is one that can be read. */
export function useComparison(
  before: PlanSource | undefined,
  serial: number,
  plan: Plan | undefined,
): { readonly comparison: Comparison | undefined; readonly problem: string | undefined } {
  const reading = useReading(before?.text, serial);
  const [first] = reading?.kind === 'read' ? reading.plans : [];
  const { part: comparePlans, failed } = useModule(loadCompare, first !== undefined);
  const comparison = useMemo(
    () => (first === undefined || plan === undefined ? undefined : comparePlans?.(first, plan)),
    [comparePlans, first, plan],
  );
  const problem = failed
    ? missing('The comparison')
    : reading?.kind === 'unreadable' || reading?.kind === 'failed'
      ? `The plan before could not be read: ${reading.problem.message}`
      : undefined;
  return { comparison, problem };
}

/** The pair that the comparison opens at: where most buffers, or without them most time, were saved or lost. */
export function firstChange(comparison: Comparison): number {
  const { before, after, pairs } = comparison;
  const counted = [before, after].every(({ nodes }) => nodes[0]?.exclusiveBuffers !== undefined);
  const figure = (plan: Plan, id: number | undefined): number => {
    const node = id === undefined ? undefined : plan.nodes[id];
    return (node && (counted ? exclusiveShared(node) : node.exclusiveMs)) ?? 0;
  };
  let first = 0;
  let most = -1;
  for (const [place, pair] of pairs.entries()) {
    const change = Math.abs(figure(after, pair.after) - figure(before, pair.before));
    if (pair.change !== 'same' && change > most) [first, most] = [place, change];
  }
  return first;
}
