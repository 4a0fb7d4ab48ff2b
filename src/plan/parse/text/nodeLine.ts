import type { Properties } from './draft';
import { nodeTypeOf, type NodeType } from './nodeType';
import { identifierEnd, putTarget, unquoted } from './target';

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
export type KnownTypes = Map<string, NodeType>;

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
  const figures = figuresAt(text);
  const head = figures === -1 ? text.trimEnd() : text.slice(0, figures).trimEnd();
  const type = typeIn(head, types);
  const properties = copied(type.type.properties);
  if (type.index !== undefined) properties['Index Name'] = type.index;
  if (type.target !== undefined) putTarget(properties, type.type.kind, type.target);
  const { kind, known } = type.type;
  if (figures === -1) return { kind, properties, known, fractional: false, timed: false };

  let at = figures;
  COST.lastIndex = at;
  const cost = COST.exec(text);
  if (cost !== null) {
    properties['Startup Cost'] = Number(cost[1]);
    properties['Total Cost'] = Number(cost[2]);
    properties['Plan Rows'] = Number(cost[3]);
    properties['Plan Width'] = Number(cost[4]);
    at = COST.lastIndex;
  }
  ACTUAL.lastIndex = at;
  const actual = ACTUAL.exec(text);
  if (actual === null) {
    NEVER.lastIndex = at;
    if (NEVER.test(text)) {
      properties['Actual Rows'] = 0;
      properties['Actual Loops'] = 0;
      return { kind, properties, known, fractional: false, timed: false };
    }
    END.lastIndex = at;
    return cost !== null && END.test(text) ? { kind, properties, known, fractional: false, timed: false } : undefined;
  }
  const timed = actual[1] !== undefined;
  if (timed) {
    properties['Actual Startup Time'] = Number(actual[1]);
    properties['Actual Total Time'] = Number(actual[2]);
  }
  properties['Actual Rows'] = Number(actual[3]);
  properties['Actual Loops'] = Number(actual[4]);
  return { kind, properties, known, fractional: actual[3]?.includes('.') === true, timed };
}

/** Not by spread: V8 gives such an object a slow form, and adding to it takes 100 times as long. */
function copied(from: Readonly<Properties>): Properties {
  const properties: Properties = {};
  for (const name in from) {
    const value = from[name];
    if (value !== undefined) properties[name] = value;
  }
  return properties;
}

interface Head {
  readonly type: NodeType;
  readonly index: string | undefined;
  readonly target: string | undefined;
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
  const { type, index, target } = typeIn(text, new Map());
  if (!type.known) return false;
  if (target === undefined && index === undefined) return !/^(?:ModifyTable|(?!Foreign|Custom).*Scan)$/.test(type.kind);
  return /^(?:ModifyTable|.*Scan)$/.test(type.kind);
}

/** What an attacker's plan may fill it with. */
const MOST_TYPES = 1000;

function memo(text: string, types: KnownTypes): NodeType {
  let type = types.get(text);
  if (type === undefined) {
    type = nodeTypeOf(text);
    if (types.size < MOST_TYPES) types.set(text, type);
  }
  return type;
}
