import { isList, type RawPlan, type RawProperties, type RawValue } from '../raw';
import { PlanParseError } from './parseError';
import type { DraftNode, Properties } from './text/draft';
import { fill, type PlanSeen } from './text/fill';
import { putKeys } from './text/groupingSets';
import { contentOf, valueOf, type Line } from './text/line';
import { readLines } from './text/lines';
import { figuresAt, knownTypes, readNodeLine, type KnownTypes } from './text/nodeLine';
import { putLine, putProperty } from './text/properties';
import { putJit, putSection, putTrigger } from './text/sections';
import { putTarget } from './text/target';

/**
 * EXPLAIN's text form, without frames and prompts: the same structure as FORMAT JSON, as far as the text tells it. Several
 * plans below each other are several.
 * @throws {PlanParseError} where a node can't be read, or no plan stands in the text
 */
export function parseText(text: string): readonly RawPlan[] {
  const plans: RawPlan[] = [];
  const types = knownTypes();
  let query: Properties = {};
  let plan: Assembly | undefined;
  readLines(text, types, (line, next) => {
    if (plan === undefined) {
      // auto_explain prints the query before its plan.
      if (line.kind === 'section') query[line.name] = valueOf(line);
      if (line.kind !== 'root' && line.kind !== 'node') return;
      plan = begun(text, types, query);
      query = {};
    }
    const last = next === undefined || next.kind === 'root' || next.name === 'Query Text';
    take(plan, line, last);
    if (!last) return;
    plans.push(ended(plan));
    plan = undefined;
  });
  if (plans.length === 0) throw new PlanParseError('No plan stands in this text.', text, 0);
  return plans;
}

/** Where a line's properties go: a worker, a target table, a section below the tree. */
interface Scope {
  readonly column: number;
  readonly properties: Properties;
  readonly jit: boolean;
}

/** A line "SubPlan 1", which has an arrow's column and no node. */
interface Subplan {
  readonly column: number;
  readonly subplan: string;
}

interface Assembly {
  readonly text: string;
  readonly types: KnownTypes;
  readonly nodes: DraftNode[];
  readonly open: (DraftNode | Subplan)[];
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

function begun(text: string, types: KnownTypes, query: RawProperties): Assembly {
  return {
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
}

function ended(assembly: Assembly): RawPlan {
  closeKeys(assembly);
  const [root] = assembly.nodes;
  if (root === undefined) throw new PlanParseError('No plan stands in this text.', assembly.text, 0);
  checkIndentation(assembly);
  fill(assembly.nodes, assembly.seen);
  for (const { properties, children } of assembly.nodes) if (children !== undefined) properties['Plans'] = children;
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
      assembly.open.push({ column: line.column, subplan: contentOf(line).trimEnd() });
      return;
    }
    case 'trigger':
      closeKeys(assembly);
      putTrigger(assembly.triggers, contentOf(line));
      return;
    case 'section': {
      closeKeys(assembly);
      const section = putSection(assembly.sections, line.name, valueOf(line), assembly.seen);
      if (section !== undefined || line.name.startsWith('Planning') || line.name.startsWith('Execution'))
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
  if (assembly.scopes.length > 0) assembly.scopes = [];
  if (assembly.workers.size > 0) assembly.workers.clear();
  const { nodes, open, seen, text } = assembly;
  const read = line.node ?? readNodeLine(contentOf(line), assembly.types);
  if (read === undefined) throw unreadable(text, line, last);
  const { properties, kind } = read;
  if (properties['Total Cost'] !== undefined) seen.costs = true;
  if (properties['Actual Loops'] !== undefined) seen.analyzed = true;
  if (read.fractional) seen.fractional = true;
  if (read.timed) seen.timed = true;
  if (last && nodes.length > 0 && !read.known && (seen.costs || seen.analyzed) && figuresAt(contentOf(line)) === -1)
    throw unreadable(text, line, last);
  const column = line.kind === 'root' ? -1 : line.column;
  let above = open[open.length - 1];
  for (; above !== undefined && above.column >= column; above = open[open.length - 1]) open.pop();
  const parent = parentOf(open);
  if (parent === undefined) {
    if (nodes.length > 0)
      throw new PlanParseError(
        'This node stands beside the first one: the plan’s beginning is missing.',
        text,
        line.offset,
        'Copy the whole plan, from its first line, with its indentation.',
      );
  } else {
    if (above !== undefined && 'subplan' in above) {
      properties['Parent Relationship'] = above.subplan.startsWith('SubPlan') ? 'SubPlan' : 'InitPlan';
      properties['Subplan Name'] = above.subplan;
    } else properties['Parent Relationship'] = relationship(parent);
    if (parent.children === undefined) parent.children = [properties];
    else parent.children.push(properties);
  }
  const node: DraftNode = { properties, kind, children: undefined, direct: 0, column, offset: line.offset };
  nodes.push(node);
  open.push(node);
}

/** The nearest node; of a subplan's node, the one whose line stands above the subplan's. */
function parentOf(open: readonly (DraftNode | Subplan)[]): DraftNode | undefined {
  for (let at = open.length - 1; at >= 0; at--) {
    const above = open[at];
    if (above !== undefined && !('subplan' in above)) return above;
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
      if (place === 1) for (const child of parent.children ?? []) relabel(child, 'child', 'children');
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
  const content = contentOf(line);
  putTarget(target, 'ModifyTable', content.slice(content.indexOf(' on ') + ' on '.length).trimEnd());
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
    assembly.keys.push({ ...line });
    return;
  }
  closeKeys(assembly);
  const { scopes } = assembly;
  while ((scopes.at(-1)?.column ?? -1) >= line.column) scopes.pop();
  if (scopes.length === 0 && name !== 'JIT') {
    putLine(node.properties, line, assembly.seen);
    return;
  }
  const scope = scopes.at(-1) ?? { column: -1, properties: node.properties, jit: false };
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
  if (root.children?.length !== nodes.length - 1) return;
  const bare = nodes.slice(1, -1).find((node) => NEED_INPUT.has(node.kind) && node.children === undefined);
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
