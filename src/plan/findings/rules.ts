import type { Rule } from './finding';
import { ACCESS_RULES } from './rules/accessRules';
import { STATEMENT_RULES } from './rules/statementRules';

/** In the order of docs/findings.md. */
export const RULES: readonly Rule[] = [...ACCESS_RULES, ...STATEMENT_RULES];
