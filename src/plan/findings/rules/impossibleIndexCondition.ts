import type { PlanNode } from '../../model';
import { termsOf } from '../conditions';
import { ran, text, wholeStake, type Facts } from '../facts';
import type { Rule } from '../finding';

/** Nodes above that are looked at for what came to nothing. */
const MOST_ABOVE = 50;

export const impossibleIndexCondition: Rule = {
  id: 'impossible-index-condition',
  title: 'Condition that can never match',
  trigger: "A node that ran compares with an empty list: = ANY ('{}').",
  source: { name: 'pgMustard, "Impossible condition"; PostgreSQL source, which does not fold it' },
  manual: 'functions-comparisons.html#FUNCTIONS-COMPARISONS-ANY-SOME',
  lesson: 'query-analysis',
  *find(facts) {
    for (const node of facts.nodes) {
      if (!ran(node)) continue;
      for (const name of ['Index Cond', 'Filter']) {
        const sql = impossible(text(node, name));
        if (sql === undefined) continue;
        yield {
          node: node.id,
          message: `${sql} can never match: the list is empty.`,
          evidence: [{ name, value: text(node, name) ?? '' }],
          stake: wholeStake(forNothing(facts, node)),
          fixes: [
            {
              kind: 'rewrite',
              text: 'Do not send the query where the list is empty: the answer is known.',
            },
          ],
          doubt: 'Where the values are parameters, other calls may be of use: this is about this run.',
        };
        break;
      }
    }
  },
};

function impossible(condition: string | undefined): string | undefined {
  // Most conditions have no such list and need no reading.
  if (condition?.includes("'{}'") !== true) return undefined;
  return termsOf(condition)?.find(
    ({ operator, quantifier, right }) =>
      operator === '=' && quantifier === 'ANY' && right?.kind === 'constant' && right.value === '{}',
  )?.sql;
}

/** The highest node that gave no row for that: all of its work came to nothing. */
function forNothing(facts: Facts, node: PlanNode): PlanNode {
  let highest = node;
  let steps = 0;
  for (const ancestor of facts.ancestors(node)) {
    const isInput = highest.relationship === 'Outer' || highest.relationship === 'Inner';
    if (!isInput || ancestor.totalRows !== 0 || ancestor.kind === 'ModifyTable' || steps++ >= MOST_ABOVE) break;
    highest = ancestor;
  }
  return highest;
}
