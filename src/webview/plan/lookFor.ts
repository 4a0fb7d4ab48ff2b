/** Runs the rules without holding the page up: a large plan takes them longer than a frame. */
import { RULES, type RankedFinding } from '../../plan/findings';
import { factsOf } from '../../plan/findings/facts';
import type { Finding, Hit, Rule } from '../../plan/findings/finding';
import { ranked } from '../../plan/findings/rank';
import type { Plan } from '../../plan/model';

export interface Findings {
  /** The worst first. */
  readonly all: readonly Finding[];
  /** By node id; one that stands for several nodes is at each of them. */
  readonly byNode: ReadonlyMap<number, readonly Finding[]>;
  /** How many rules have looked; 0 until they have. */
  readonly rules: number;
}

/** ms of looking at a stretch. */
const STRETCH = 25;

/** What `findingsOf` finds. Undefined when it was no longer wanted. */
export async function lookFor(
  plan: Plan,
  isWanted: () => boolean,
  rules: readonly Rule[] = RULES,
): Promise<Findings | undefined> {
  let begun = performance.now();
  const isLong = (): boolean => performance.now() - begun > STRETCH;
  const rest = async (): Promise<void> => {
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    begun = performance.now();
  };
  const facts = factsOf(plan);
  const seen: Rule[] = [];
  for (const rule of rules) {
    const hits: Hit[] = [];
    for (const hit of rule.find(facts)) {
      hits.push(hit);
      if (isLong()) await rest();
      if (!isWanted()) return undefined;
    }
    seen.push({ ...rule, find: () => hits });
    if (isLong()) await rest();
    if (!isWanted()) return undefined;
  }
  const all = ranked(facts, seen);
  return { all, byNode: byNodeOf(all), rules: rules.length };
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
