import { readJson, type JsonObject, type JsonValue } from './json';
import { PlanParseError } from './parseError';
import type { RawNode, RawPlan, RawProperties, RawValue } from './raw';

/** What must be a number to be a plan: `buildModel` computes with these. */
const NUMBERS = new Set([
  ...['Startup Cost', 'Total Cost', 'Plan Rows', 'Plan Width'],
  ...['Actual Startup Time', 'Actual Total Time', 'Actual Rows', 'Actual Loops', 'Workers Launched'],
  ...['Shared', 'Local'].flatMap((scope) =>
    ['Hit', 'Read', 'Dirtied', 'Written'].map((what) => `${scope} ${what} Blocks`),
  ),
  ...['Temp Read Blocks', 'Temp Written Blocks', 'Planning Time', 'Execution Time', 'Total Runtime'],
]);

/** What must be text: a node is named by these. */
const TEXTS = new Set([
  'Node Type',
  'Parent Relationship',
  'Subplan Name',
  'Schema',
  'Relation Name',
  'Alias',
  'Index Name',
  'CTE Name',
]);

/**
 * EXPLAIN (FORMAT JSON): its array, or one object of it (auto_explain). One plan for each query that rules made of the
 * statement: at least one. Unknown names are kept.
 * @throws {PlanParseError}
 */
export function parseJson(text: string): readonly RawPlan[] {
  const top = readJson(text);
  const plans = top.kind === 'list' ? top.items : [top];
  if (plans.length === 0)
    throw new PlanParseError('EXPLAIN printed no plan: a rule rewrites the statement to nothing.', text, top.offset);
  return plans.map((plan) => planOf(text, plan));
}

function planOf(text: string, value: JsonValue): RawPlan {
  if (value.kind === 'string' && value.text === 'Utility Statement') {
    throw new PlanParseError('A utility statement has no plan.', text, value.offset, 'Explain the query itself.');
  }
  const plan = value.kind === 'object' ? value.members.get('Plan') : undefined;
  if (value.kind !== 'object' || plan === undefined) {
    throw new PlanParseError(
      'This JSON is not an EXPLAIN plan: it has no “Plan”.',
      text,
      value.offset,
      'Paste what EXPLAIN (FORMAT JSON) printed.',
    );
  }
  return { root: treeOf(text, plan), sections: propertiesOf(text, value, 'Plan') };
}

function treeOf(text: string, plan: JsonValue): RawNode {
  const roots: RawNode[] = [];
  const pending: { readonly value: JsonValue; readonly siblings: RawNode[] }[] = [{ value: plan, siblings: roots }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value } = next;
    if (value.kind !== 'object') throw new PlanParseError('A node of the plan must be an object.', text, value.offset);
    if (value.members.get('Node Type') === undefined)
      throw new PlanParseError('A node of the plan has no “Node Type”.', text, value.offset);
    const children: RawNode[] = [];
    next.siblings.push({ properties: propertiesOf(text, value, 'Plans'), children });
    const plans = value.members.get('Plans');
    if (plans === undefined) continue;
    if (plans.kind !== 'list') throw new PlanParseError('“Plans” must be a list of nodes.', text, plans.offset);
    for (const child of plans.items.toReversed()) pending.push({ value: child, siblings: children });
  }
  const root = roots[0];
  if (root === undefined) throw new PlanParseError('The plan has no node.', text, plan.offset);
  return root;
}

function propertiesOf(text: string, object: JsonObject, except: string): RawProperties {
  const properties = new Map<string, RawValue>();
  for (const [name, value] of object.members) {
    if (name === except) continue;
    if (NUMBERS.has(name) && value.kind !== 'number')
      throw new PlanParseError(`“${name}” must be a number.`, text, value.offset);
    if (TEXTS.has(name) && value.kind !== 'string')
      throw new PlanParseError(`“${name}” must be a text.`, text, value.offset);
    properties.set(name, rawOf(value));
  }
  return properties;
}

/** Without recursion: an unknown property may hold anything. */
function rawOf(value: JsonValue): RawValue {
  let result: RawValue = null;
  const pending: { readonly value: JsonValue; readonly put: (raw: RawValue) => void }[] = [
    { value, put: (raw) => (result = raw) },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value: from, put } = next;
    if (from.kind === 'list') {
      const list: RawValue[] = from.items.map(() => null);
      put(list);
      from.items.forEach((item, place) => pending.push({ value: item, put: (raw) => (list[place] = raw) }));
    } else if (from.kind === 'object') {
      const map = new Map<string, RawValue>();
      put(map);
      for (const [name, member] of from.members) {
        map.set(name, null); // Its place in the order.
        pending.push({ value: member, put: (raw) => map.set(name, raw) });
      }
    } else {
      put(scalarOf(from));
    }
  }
  return result;
}

function scalarOf({ kind, text }: { readonly kind: 'string' | 'number' | 'literal'; readonly text: string }): RawValue {
  if (kind === 'string') return text;
  if (kind === 'number') return { text, value: Number(text) };
  return text === 'null' ? null : text === 'true';
}
