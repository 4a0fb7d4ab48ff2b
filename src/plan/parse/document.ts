import type { RawPlan, RawProperties, RawValue } from '../raw';
import { isList, isProperties } from '../raw';
import { PlanParseError } from './parseError';
import { faultIn, type Fault } from './validate';

/** What YAML and XML have in common: values, and from a document to its plans. */

/** Where the members of each object begin in the text, in UTF-16 units; under '' the object itself. */
export type Marks = Map<RawProperties, Map<string, number>>;

export interface Document {
  readonly plans: readonly RawValue[];
  /** Where the document's content begins. */
  readonly offset: number;
}

export function mark(marks: Marks | undefined, object: RawProperties, name: string, offset: number): void {
  if (marks === undefined) return;
  const members = marks.get(object);
  if (members === undefined) marks.set(object, new Map([[name, offset]]));
  else members.set(name, offset);
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** An unquoted value of EXPLAIN's: a number, true or false; undefined for anything else. */
export function plainValue(text: string): number | boolean | undefined {
  if (text === 'true') return true;
  if (text === 'false') return false;
  return text.length < 400 && NUMBER.test(text) ? Number(text) : undefined;
}

/**
 * The plans of a document, which is read a second time, with marks, where one of them is at fault.
 * @param format as the reader of an error knows it
 * @param rows what stands before the figure of "Actual Rows"
 * @throws {PlanParseError}
 */
export function plansOf(
  text: string,
  format: 'YAML' | 'XML',
  rows: string,
  read: (marks?: Marks) => Document,
): readonly RawPlan[] {
  const { plans, offset } = read();
  if (plans.length === 0)
    throw new PlanParseError('EXPLAIN printed no plan: a rule rewrites the statement to nothing.', text, offset);
  const fault = faultIn(plans);
  if (fault !== undefined) throw located(text, format, fault, read);
  const fractionalRows = isFractional(text, rows);
  return plans.filter(isProperties).map((sections) => {
    const root = sections['Plan'];
    return { root: isProperties(root) ? root : {}, sections, fractionalRows };
  });
}

/** From 18 on, every figure of rows is printed with two decimals, whole ones too. The first tells. */
function isFractional(text: string, rows: string): boolean {
  const place = text.indexOf(rows);
  return place >= 0 && /^\s*\d+\.\d/.test(text.slice(place + rows.length, place + rows.length + 40));
}

function located(text: string, format: string, fault: Fault, read: (marks: Marks) => Document): PlanParseError {
  const marks: Marks = new Map();
  const { plans, offset } = read(marks);
  const section = plans[fault.plan];
  const holder = fault.visit === undefined ? section : nodeVisited(section, fault.visit);
  const members = isProperties(holder) ? marks.get(holder) : undefined;
  const at = members?.get(fault.member ?? '') ?? members?.get('') ?? offset;
  if (fault.visit === undefined && fault.member === undefined && section !== 'Utility Statement') {
    const next = `Paste what EXPLAIN (FORMAT ${format}) printed.`;
    return new PlanParseError(`This ${format} is not an EXPLAIN plan: it has no “Plan”.`, text, at, next);
  }
  return new PlanParseError(fault.message, text, at, fault.nextStep);
}

/** The node that `faultIn` came to at that count: both go through the tree in pre-order. */
function nodeVisited(section: RawValue | undefined, visit: number): RawValue | undefined {
  const pending: RawValue[] = [isProperties(section) ? (section['Plan'] ?? null) : null];
  for (let count = 0; pending.length > 0; count++) {
    const node = pending.pop();
    if (count === visit) return node;
    const plans = isProperties(node) ? node['Plans'] : undefined;
    if (!isList(plans)) continue;
    for (let place = plans.length - 1; place >= 0; place--) pending.push(plans[place] ?? null);
  }
  return undefined;
}
