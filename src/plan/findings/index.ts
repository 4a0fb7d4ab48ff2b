import type { Plan } from '../model';
import { factsOf } from './facts';
import { ranked, type RankedFinding } from './rank';
import { RULES } from './rules';

export { RULES };
export type { RankedFinding };

/** What is wrong with a plan, the worst first (rank.ts says how). Empty where no rule speaks. */
export function findingsOf(plan: Plan): readonly RankedFinding[] {
  return ranked(factsOf(plan), RULES);
}
