/** What the page computes of a plan, once. */
import { useMemo } from 'preact/hooks';
import { alikeOf } from '../../plan/alike';
import type { Comparison } from '../../plan/compare/comparison';
import type { RankedFinding } from '../../plan/findings';
import type { Finding } from '../../plan/findings/finding';
import type { Plan } from '../../plan/model';
import type { PlanSource } from '../../shared/protocol';
import { useModule } from '../kit/useModule';
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

export interface Findings {
  /** The worst first. */
  readonly all: readonly Finding[];
  /** By node id; one that stands for several nodes is at each of them. */
  readonly byNode: ReadonlyMap<number, readonly Finding[]>;
  /** How many rules have looked; 0 until they have. */
  readonly rules: number;
}

const NOT_YET: Findings = { all: [], byNode: new Map(), rules: 0 };
const loadFindings = () => import('../../plan/findings');
const loadCompare = () => import('../../plan/compare');

/** What is wrong with the plan: looked for once the plan stands on the page. */
export function useFindings(plan: Plan | undefined): Findings {
  const rules = useModule(loadFindings);
  return useMemo(() => {
    if (rules === undefined || plan === undefined) return NOT_YET;
    const all = rules.findingsOf(plan);
    return { all, byNode: byNodeOf(all), rules: rules.RULES.length };
  }, [rules, plan]);
}

function byNodeOf(findings: readonly RankedFinding[]): ReadonlyMap<number, readonly Finding[]> {
  const byNode = new Map<number, Finding[]>();
  for (const finding of findings) {
    for (const id of finding.node === undefined ? [] : [finding.node, ...finding.alsoAt]) {
      const known = byNode.get(id);
      if (known === undefined) byNode.set(id, [finding]);
      else known.push(finding);
    }
  }
  return byNode;
}

/** With the plan before, where there is one that can be read. */
export function useComparison(
  before: PlanSource | undefined,
  serial: number,
  plan: Plan | undefined,
): Comparison | undefined {
  const reading = useReading(before?.text, serial);
  const [first] = reading?.kind === 'read' ? reading.plans : [];
  const compare = useModule(loadCompare, first !== undefined);
  return useMemo(
    () => (first === undefined || plan === undefined ? undefined : compare?.comparePlans(first, plan)),
    [compare, first, plan],
  );
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
