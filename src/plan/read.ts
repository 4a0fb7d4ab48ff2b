import { buildModel } from './buildModel';
import type { Plan } from './model';
import { parseJson } from './parseJson';

/**
 * The plans in a text that EXPLAIN printed: one, or one for each query that rules made of the statement. At least one.
 * @throws {PlanParseError}
 */
export function readPlans(text: string): readonly Plan[] {
  return parseJson(text).map(buildModel);
}

/**
 * The first plan in the text.
 * @throws {PlanParseError}
 */
export function readPlan(text: string): Plan {
  const [first] = parseJson(text);
  if (first === undefined) throw new RangeError('parseJson gives at least one plan.');
  return buildModel(first);
}
