import { isList, isProperties, type RawPlan, type RawValue } from '../raw';
import { readJson, type JsonValue } from './json';
import { PlanParseError } from './parseError';
import { faultIn, type Fault } from './validate';

/**
 * EXPLAIN (FORMAT JSON): its array, or one object of it (auto_explain). One plan for each query that rules made of the
 * statement: at least one. Unknown names are kept.
 *
 * JSON.parse reads it; `readJson`, which is slower, only says where an error stands.
 * @throws {PlanParseError}
 */
export function parseJson(text: string): readonly RawPlan[] {
  const top = parsed(text);
  const plans: readonly RawValue[] = isList(top) ? top : [top];
  if (plans.length === 0)
    throw new PlanParseError('EXPLAIN printed no plan: a rule rewrites the statement to nothing.', text, startOf(text));
  const fault = faultIn(plans);
  if (fault !== undefined) throw located(text, fault);
  return rawPlansOf(text, plans);
}

function parsed(text: string): RawValue {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) as RawValue;
  } catch {
    readJson(text);
    throw new PlanParseError('Not valid JSON.', text, 0); // The two readers agree on what is valid; should they not, no other error escapes.
  }
}

/** The plans, which are known to be sound. */
function rawPlansOf(text: string, plans: readonly RawValue[]): RawPlan[] {
  const fractionalRows = hasFractionalRows(text);
  let place = 0;
  return plans.filter(isProperties).map((sections) => {
    const root = sections['Plan'];
    const id = sections['Query Identifier'];
    let exact: string | undefined;
    if (typeof id === 'number' && !Number.isSafeInteger(id)) [exact, place] = digitsOf(text, id, place);
    return {
      root: isProperties(root) ? root : {},
      sections: exact === undefined ? sections : { ...sections, 'Query Identifier': exact },
      fractionalRows,
    };
  });
}

/** From 18 on, every figure of rows is printed with two decimals, whole ones too. The first tells. */
function hasFractionalRows(text: string): boolean {
  const place = text.indexOf('"Actual Rows"');
  return place >= 0 && /^\s*:\s*\d+\.\d/.test(text.slice(place + '"Actual Rows"'.length, place + 60));
}

const IDENTIFIER = '"Query Identifier"';

/** As it stands in the text, at `from` or later, and where that ends: a 64-bit number, of which JSON.parse keeps 53 bits. */
function digitsOf(text: string, identifier: number, from: number): [digits: string | undefined, end: number] {
  for (let place = text.indexOf(IDENTIFIER, from); place >= 0; place = text.indexOf(IDENTIFIER, place)) {
    place += IDENTIFIER.length;
    const digits = /^\s*:\s*(-?\d{1,20})(?!\d)/.exec(text.slice(place, place + 60))?.[1];
    if (digits !== undefined && Number(digits) === identifier) return [digits, place];
  }
  return [undefined, from];
}

function startOf(text: string): number {
  return /^[\ufeff\s]*/.exec(text)?.[0].length ?? 0;
}

/** The fault with its place, which the slower reader knows. */
function located(text: string, { plan, visit, member, message, nextStep }: Fault): PlanParseError {
  const top = readJson(text);
  const section = top.kind === 'list' ? top.items[plan] : top;
  const holder = visit === undefined ? section : nodeVisited(section, visit);
  const at = (member === undefined ? undefined : memberOf(holder, member)) ?? holder ?? top;
  return new PlanParseError(message, text, at.offset, nextStep);
}

/** The node that `faultIn` came to at that count: both go through the tree in pre-order. */
function nodeVisited(section: JsonValue | undefined, visit: number): JsonValue | undefined {
  const root = memberOf(section, 'Plan');
  const pending = root === undefined ? [] : [root];
  for (let node = pending.pop(), count = 0; node !== undefined; node = pending.pop(), count++) {
    if (count === visit) return node;
    const plans = memberOf(node, 'Plans');
    if (plans?.kind !== 'list') continue;
    for (let place = plans.items.length - 1; place >= 0; place--) {
      const item = plans.items[place];
      if (item !== undefined) pending.push(item);
    }
  }
  return undefined;
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return value?.kind === 'object' ? value.members.get(name) : undefined;
}
