import { buildModel } from './buildModel';
import type { Plan } from './model';
import { PlanParseError } from './parse/parseError';
import { parseJson } from './parse/parseJson';

/**
 * The plans of EXPLAIN (FORMAT JSON) with nothing around it; `undefined` for any other text, which read.ts reads or says what is
 * wrong with it. A page that mostly sees JSON need not load the other parsers.
 */
export function readJsonPlans(text: string): readonly Plan[] | undefined {
  if (!/^[\s\ufeff]*[[{]/.test(text)) return undefined;
  try {
    return parseJson(text).map((raw) => buildModel(raw, 'json'));
  } catch (error) {
    if (error instanceof PlanParseError) return undefined;
    throw error;
  }
}
