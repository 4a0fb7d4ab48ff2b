import type { Properties } from './draft';
import { NO_FIGURES, NodeProperties, type Figures } from './nodeProperties';
import { nodeTypeOf, type NodeType } from './nodeType';
import { blanksStart, nextFigure, scannerAt } from './scan';
import { identifierEnd, unquoted } from './target';

export interface NodeLine {
  readonly kind: string;
  readonly properties: Properties;
  readonly known: boolean;
  /** Rows were printed with two decimals (18). */
  readonly fractional: boolean;
  readonly timed: boolean;
}

const COST = /\(cost=(-?[\d.]+)\.\.(-?[\d.]+?)\s*rows=(\d+)\s*width=(\d+)\)/y;
const ACTUAL = /\s*\(actual(?:\s*time=([\d.]+?)\.\.([\d.]+))?\s*rows=([\d.]+)\s*loops=(\d+)\)\s*$/y;
const NEVER = /\s*\(never\s?executed\)\s*$/y;
const END = /\s*$/y;

/** Types come again and again: each is taken apart once. */
export interface KnownTypes {
  readonly byText: Map<string, NodeType>;
  /** The first few of each first letter, with " on " behind: found in a line without cutting it. */
  readonly byLetter: Map<number, { readonly start: string; readonly type: NodeType }[]>;
}

export function knownTypes(): KnownTypes {
  return { byText: new Map(), byLetter: new Map() };
}

/** Where the figures begin: at the last bracket of their kind, since a quoted name before may hold anything. */
export function figuresAt(text: string): number {
  const cost = lastOf(text, '(cost=');
  if (cost !== -1) return cost;
  const actual = lastOf(text, '(actual ');
  return actual === -1 ? lastOf(text, '(never executed)') : actual;
}

/** Forwards, which is the faster way: there is one, as a rule. */
function lastOf(text: string, what: string): number {
  let last = -1;
  for (let at = text.indexOf(what); at !== -1; at = text.indexOf(what, at + 1)) last = at;
  return last;
}

/**
 * A node's line, without its arrow: its type, target and figures.
 * @returns undefined where its figures are not as EXPLAIN prints them
 */
export function readNodeLine(text: string, types: KnownTypes): NodeLine | undefined {
  const bracket = figuresAt(text);
  const head = typeIn(bracket === -1 ? text.trimEnd() : text.slice(0, bracket).trimEnd(), types);
  if (bracket === -1) return nodeLine(head, NO_FIGURES, false);
  const figures: { -readonly [Name in keyof Figures]: Figures[Name] } = { ...NO_FIGURES };
  let at = bracket;
  COST.lastIndex = at;
  const cost = COST.exec(text);
  if (cost !== null) {
    figures.startupCost = Number(cost[1]);
    figures.totalCost = Number(cost[2]);
    figures.planRows = Number(cost[3]);
    figures.width = Number(cost[4]);
    at = COST.lastIndex;
  }
  ACTUAL.lastIndex = at;
  const actual = ACTUAL.exec(text);
  if (actual === null) {
    NEVER.lastIndex = at;
    if (NEVER.test(text)) figures.rows = figures.loops = 0;
    else {
      END.lastIndex = at;
      if (cost === null || !END.test(text)) return undefined;
    }
    return nodeLine(head, figures, false);
  }
  if (actual[1] !== undefined) {
    figures.startupMs = Number(actual[1]);
    figures.totalMs = Number(actual[2]);
  }
  figures.rows = Number(actual[3]);
  figures.loops = Number(actual[4]);
  return nodeLine(head, figures, actual[3]?.includes('.') === true);
}

/** Both brackets, one blank between their words, as EXPLAIN prints them and nothing has cut them. */
const FIGURES =
  /\(cost=\d+(?:\.\d+)?\.\.\d+(?:\.\d+)? rows=\d+ width=\d+\) \(actual time=\d+\.\d+\.\.\d+\.\d+ rows=\d+(?:\.\d+)? loops=\d+\) */y;

/**
 * The same, for a line that nothing has cut and that has both costs and times: nearly each of a large plan. The pattern only
 * tests, which is ten times as fast as to make strings of its groups; the figures are then read where they stand.
 * @returns undefined where `readNodeLine` must look
 */
export function readWholeNode(text: string, from: number, end: number, types: KnownTypes): NodeLine | undefined {
  let bracket = from;
  while (bracket < end && text.charCodeAt(bracket) !== 0x28) bracket++;
  FIGURES.lastIndex = bracket;
  // Up to the line's end: a quoted name may hold anything, also figures.
  if (!FIGURES.test(text) || FIGURES.lastIndex !== end) return undefined;
  const scanner = scannerAt(text, bracket);
  const startupCost = nextFigure(scanner, '(cost='.length);
  const totalCost = nextFigure(scanner, '..'.length);
  const planRows = nextFigure(scanner, ' rows='.length);
  const width = nextFigure(scanner, ' width='.length);
  const startupMs = nextFigure(scanner, ') (actual time='.length);
  const totalMs = nextFigure(scanner, '..'.length);
  const rows = nextFigure(scanner, ' rows='.length);
  const fractional = scanner.decimals > 0;
  const loops = nextFigure(scanner, ' loops='.length);
  if (!scanner.exact) return undefined;
  const head = headAt(text, from, blanksStart(text, from, bracket), types);
  return nodeLine(head, { startupCost, totalCost, planRows, width, startupMs, totalMs, rows, loops }, fractional);
}

function nodeLine({ type, index, target }: Head, figures: Figures, fractional: boolean): NodeLine {
  const properties = new NodeProperties(type, index, target, figures);
  return { kind: type.kind, properties, known: type.known, fractional, timed: figures.totalMs !== undefined };
}

interface Head {
  readonly type: NodeType;
  readonly index: string | undefined;
  readonly target: string | undefined;
}

/** As `typeIn`, and for a type that was met before without a string of it. */
function headAt(text: string, from: number, to: number, types: KnownTypes): Head {
  const known = types.byLetter.get(text.charCodeAt(from));
  if (known !== undefined)
    for (const { start, type } of known)
      if (text.startsWith(start, from) && from + start.length < to)
        return { type, index: undefined, target: text.slice(from + start.length, to) };
  return typeIn(text.slice(from, to), types);
}

function typeIn(head: string, types: KnownTypes): Head {
  // A custom scan's provider may be named anything.
  const from = head.startsWith('Custom Scan (') ? head.indexOf(')') + 1 : 0;
  const using = head.indexOf(' using ', from);
  const on = head.indexOf(' on ', from);
  if (using !== -1 && (on === -1 || using < on)) {
    const end = identifierEnd(head, using + 7);
    const index = unquoted(head.slice(using + 7, end));
    const target = head.startsWith(' on ', end) ? head.slice(end + 4) : undefined;
    return { type: memo(head.slice(0, using), types), index, target };
  }
  if (on !== -1) return { type: memo(head.slice(0, on), types), index: undefined, target: head.slice(on + 4) };
  return { type: memo(head, types), index: undefined, target: undefined };
}

/** "Seq Scan on orders o", as COSTS OFF prints it: one of PostgreSQL's types, with a target where it has one. */
export function isBareNode(text: string): boolean {
  if (text.length > 1000) return false;
  const { type, index, target } = typeIn(text, knownTypes());
  if (!type.known) return false;
  if (target === undefined && index === undefined) return !/^(?:ModifyTable|(?!Foreign|Custom).*Scan)$/.test(type.kind);
  return /^(?:ModifyTable|.*Scan)$/.test(type.kind);
}

/** What an attacker's plan may fill it with. */
const MOST_TYPES = 1000;
const MOST_OF_LETTER = 8;

function memo(text: string, types: KnownTypes): NodeType {
  let type = types.byText.get(text);
  if (type !== undefined) return type;
  type = nodeTypeOf(text);
  if (types.byText.size >= MOST_TYPES) return type;
  types.byText.set(text, type);
  const letter = text.charCodeAt(0);
  const known = types.byLetter.get(letter) ?? [];
  // A custom scan's provider may be named anything, also " on ".
  if (known.length < MOST_OF_LETTER && type.known && type.kind !== 'Custom Scan')
    known.push({ start: `${text} on `, type });
  types.byLetter.set(letter, known);
  return type;
}
