import { isList, type RawPlan, type RawProperties, type RawValue } from '../raw';
import { PlanParseError } from './parseError';
import type { DraftNode, Properties } from './text/draft';
import { fill, type PlanSeen } from './text/fill';
import { putKeys } from './text/groupingSets';
import { linesOf, type Line } from './text/lines';
import { figuresAt, readNodeLine, type KnownTypes } from './text/nodeLine';
import { putProperty } from './text/properties';
import { putJit, putSection, putTrigger } from './text/sections';
import { putTarget } from './text/target';

/**
 * EXPLAIN's text form, without frames and prompts: the same structure as FORMAT JSON, as far as the text tells it. Several
 * plans below each other are several.
 * @throws {PlanParseError} where a node can't be read, or no plan stands in the text
 */
export function parseText(text: string): readonly RawPlan[] {
  const lines = linesOf(text);
  const plans: RawPlan[] = [];
  const types: KnownTypes = new Map();
  let query: Properties = {};
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    if (line === undefined) break;
    if (line.kind !== 'root' && line.kind !== 'node') {
      // auto_explain prints the query before its plan.
      if (line.kind === 'section') query[line.name] = valueOf(line);
      at++;
      continue;
    }
    let end = at + 1;
    while (end < lines.length && lines[end]?.kind !== 'root' && !isQuery(lines[end])) end++;
    plans.push(planOf(text, lines, at, end, query, types));
    query = {};
    at = end;
  }
  if (plans.length === 0) throw new PlanParseError('No plan stands in this text.', text, 0);
  return plans;
}

function isQuery(line: Line | undefined): boolean {
  return line?.kind === 'section' && line.text.startsWith('Query Text');
}

/** Where a line's properties go: a worker, a target table, a section below the tree. */
interface Scope {
  readonly column: number;
  readonly properties: Properties;
  readonly jit: boolean;
}

interface Open {
  /** Of the arrow; a subplan's line has one too, and no node. */
  readonly column: number;
  readonly node: DraftNode | undefined;
  readonly subplan: string | undefined;
}

interface Assembly {
  readonly text: string;
  readonly types: KnownTypes;
  readonly nodes: DraftNode[];
  readonly open: Open[];
  readonly seen: PlanSeen;
  readonly sections: Properties;
  readonly triggers: RawValue[];
  scopes: Scope[];
  /** Of the node that is read: before 13, a worker's lines stood in two places. */
  readonly workers: Map<number, Properties>;
  /** Key lines of the Aggregate that is read. */
  keys: Line[];
  /** A section below the tree, which takes all lines that follow. */
  below: Scope | undefined;
}

function planOf(
  text: string,
  lines: readonly Line[],
  from: number,
  end: number,
  query: RawProperties,
  types: KnownTypes,
): RawPlan {
  const assembly: Assembly = {
    text,
    types,
    nodes: [],
    open: [],
    seen: {
      buffers: false,
      wal: false,
      timings: undefined,
      analyzed: false,
      timed: false,
      costs: false,
      fractional: false,
    },
    sections: { ...query, Plan: {} },
    triggers: [],
    scopes: [],
    workers: new Map(),
    keys: [],
    below: undefined,
  };
  for (let at = from; at < end; at++) {
    const line = lines[at];
    if (line !== undefined) take(assembly, line, at === end - 1);
  }
  closeKeys(assembly);
  const [root] = assembly.nodes;
  if (root === undefined) throw new PlanParseError('No plan stands in this text.', text, 0);
  checkIndentation(assembly);
  fill(assembly.nodes, assembly.seen);
  for (const node of assembly.nodes) if (node.children.length > 0) node.properties['Plans'] = node.children;
  const sections = assembly.sections;
  sections['Plan'] = root.properties;
  if (assembly.triggers.length > 0) sections['Triggers'] = assembly.triggers;
  return { root: root.properties, sections, fractionalRows: assembly.seen.fractional };
}

function take(assembly: Assembly, line: Line, last: boolean): void {
  switch (line.kind) {
    case 'root':
    case 'node':
      takeNode(assembly, line, last);
      return;
    case 'subplan': {
      closeKeys(assembly);
      while ((assembly.open.at(-1)?.column ?? -1) >= line.column && assembly.open.length > 1) assembly.open.pop();
      assembly.open.push({ column: line.column, node: undefined, subplan: line.text.trimEnd() });
      return;
    }
    case 'trigger':
      closeKeys(assembly);
      putTrigger(assembly.triggers, line.text);
      return;
    case 'section': {
      closeKeys(assembly);
      const section = putSection(assembly.sections, line.name, valueOf(line), assembly.seen);
      if (section !== undefined || line.text.startsWith('Planning') || line.text.startsWith('Execution'))
        assembly.below =
          section === undefined ? undefined : { column: -1, properties: section, jit: line.name === 'JIT' };
      return;
    }
    case 'target':
      takeTarget(assembly, line);
      return;
    case 'worker':
      takeWorker(assembly, line);
      return;
    case 'property':
      takeProperty(assembly, line);
  }
}

function takeNode(assembly: Assembly, line: Line, last: boolean): void {
  closeKeys(assembly);
  assembly.scopes = [];
  if (assembly.workers.size > 0) assembly.workers.clear();
  const { nodes, open, seen, text } = assembly;
  const read = readNodeLine(line.text, assembly.types);
  if (read === undefined) throw unreadable(text, line, last);
  const { properties, kind } = read;
  if (properties['Total Cost'] !== undefined) seen.costs = true;
  if (properties['Actual Loops'] !== undefined) seen.analyzed = true;
  if (read.fractional) seen.fractional = true;
  if (read.timed) seen.timed = true;
  if (last && nodes.length > 0 && figuresAt(line.text) === -1 && !read.known && (seen.costs || seen.analyzed))
    throw unreadable(text, line, last);
  const node: DraftNode = { properties, kind, children: [], direct: 0, offset: line.offset };
  const column = line.kind === 'root' ? -1 : line.column;
  while (open.length > 0 && (open.at(-1)?.column ?? -1) >= column) open.pop();
  const above = open.at(-1);
  const parent = above?.node ?? parentOf(open);
  if (parent === undefined) {
    if (nodes.length > 0)
      throw new PlanParseError(
        'This node stands beside the first one: the plan’s beginning is missing.',
        text,
        line.offset,
        'Copy the whole plan, from its first line, with its indentation.',
      );
  } else {
    if (above?.subplan !== undefined) {
      properties['Parent Relationship'] = above.subplan.startsWith('SubPlan') ? 'SubPlan' : 'InitPlan';
      properties['Subplan Name'] = above.subplan;
    } else properties['Parent Relationship'] = relationship(parent);
    parent.children.push(properties);
  }
  nodes.push(node);
  open.push({ column, node, subplan: undefined });
}

/** Of a subplan's node: the one whose line stands above the subplan's. */
function parentOf(open: readonly Open[]): DraftNode | undefined {
  for (let at = open.length - 1; at >= 0; at--) {
    const node = open[at]?.node;
    if (node !== undefined) return node;
  }
  return undefined;
}

function relationship(parent: DraftNode): string {
  const place = parent.direct++;
  switch (parent.kind) {
    case 'Append':
    case 'Merge Append':
    case 'BitmapAnd':
    case 'BitmapOr':
      return 'Member';
    case 'Subquery Scan':
      return 'Subquery';
    case 'Custom Scan':
      if (place === 1) for (const child of parent.children) relabel(child, 'child', 'children');
      return place === 0 ? 'child' : 'children';
    default:
      return place === 0 ? 'Outer' : 'Inner';
  }
}

function relabel(child: Properties, from: string, to: string): void {
  if (child['Parent Relationship'] === from) child['Parent Relationship'] = to;
}

function unreadable(text: string, line: Line, last: boolean): PlanParseError {
  return last
    ? new PlanParseError(
        'The plan ends in the middle of this node’s line.',
        text,
        line.offset,
        'Copy the whole plan, up to its last line.',
      )
    : new PlanParseError(
        'This node’s cost or actual figures are not as EXPLAIN prints them.',
        text,
        line.offset,
        'Paste the plan as PostgreSQL printed it.',
      );
}

function takeTarget(assembly: Assembly, line: Line): void {
  const node = assembly.nodes.at(-1);
  if (node === undefined) return;
  const target: Properties = {};
  putTarget(target, 'ModifyTable', line.text.slice(line.text.indexOf(' on ') + ' on '.length).trimEnd());
  append(node.properties, 'Target Tables', target);
  assembly.scopes = [{ column: line.column, properties: target, jit: false }];
}

function takeWorker(assembly: Assembly, line: Line): void {
  const node = assembly.nodes.at(-1);
  if (node === undefined) return;
  closeKeys(assembly);
  const number = Number(line.name.slice('Worker '.length));
  let worker = assembly.workers.get(number);
  if (worker === undefined) {
    worker = { 'Worker Number': number };
    assembly.workers.set(number, worker);
    append(node.properties, 'Workers', worker);
  }
  const rest = valueOf(line);
  const scope: Scope = { column: line.column, properties: worker, jit: false };
  assembly.scopes = [scope];
  if (rest.startsWith('actual ')) putProperty(worker, 'actual', rest.slice('actual '.length), assembly.seen);
  else {
    const colon = rest.indexOf(':');
    if (colon !== -1) takeNamed(assembly, scope, rest.slice(0, colon), rest.slice(colon + 1).trim(), line.column + 1);
  }
}

const KEYS = new Set(['Group Key', 'Hash Key', 'Sort Key']);

function takeProperty(assembly: Assembly, line: Line): void {
  const node = assembly.nodes.at(-1);
  const name = line.name;
  if (assembly.below !== undefined) {
    takeNamed(assembly, assembly.below, name, valueOf(line), line.column);
    return;
  }
  if (node === undefined) return;
  if (node.kind === 'Aggregate' && KEYS.has(name)) {
    assembly.keys.push(line);
    return;
  }
  closeKeys(assembly);
  while ((assembly.scopes.at(-1)?.column ?? -1) >= line.column) assembly.scopes.pop();
  const scope = assembly.scopes.at(-1) ?? { column: -1, properties: node.properties, jit: false };
  takeNamed(assembly, scope, name, valueOf(line), line.column);
}

function takeNamed(assembly: Assembly, scope: Scope, name: string, value: string, column: number): void {
  if (scope.jit) putJit(scope.properties, name, value);
  else if (name === 'JIT' && value === '') {
    const jit: Properties = {};
    scope.properties['JIT'] = jit;
    assembly.scopes.push({ column, properties: jit, jit: true });
  } else putProperty(scope.properties, name, value, assembly.seen);
}

function closeKeys(assembly: Assembly): void {
  if (assembly.keys.length === 0) return;
  const node = assembly.nodes.at(-1);
  if (node !== undefined) putKeys(node.properties, assembly.keys);
  assembly.keys = [];
}

/** Nodes that have an input. Where none is indented deeper than another, the text has lost its tree. */
const NEED_INPUT = new Set([
  'Hash',
  'Sort',
  'Limit',
  'Gather',
  'Gather Merge',
  'Materialize',
  'Hash Join',
  'Merge Join',
]);

function checkIndentation({ nodes, text }: Assembly): void {
  const [root, first, second] = nodes;
  if (root === undefined || first === undefined || second === undefined) return;
  if (root.children.length !== nodes.length - 1) return;
  const bare = nodes.slice(1, -1).find((node) => NEED_INPUT.has(node.kind) && node.children.length === 0);
  if (bare === undefined) return;
  throw new PlanParseError(
    'This node has no input: the indentation, which tells what belongs to what, is lost.',
    text,
    bare.offset,
    'Paste the plan with its leading blanks, or explain with FORMAT JSON.',
  );
}

function append(properties: Properties, name: string, value: Properties): void {
  const before = properties[name];
  if (isList(before)) (before as Properties[]).push(value);
  else properties[name] = [value];
}

function valueOf(line: Line): string {
  return line.text.slice(line.colon + 1).trim();
}
