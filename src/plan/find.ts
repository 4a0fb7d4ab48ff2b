import { sharedBuffers, type Plan, type PlanNode } from './model';
import { textOf } from './raw';

/** Small questions about a plan, for checks. */

export type ReadKind = 'seq' | 'index' | 'index-only' | 'bitmap' | 'other';

export interface RelationRead {
  readonly node: PlanNode;
  readonly relation: string;
  /** `other`: by tid, a sample, a foreign or custom scan. */
  readonly how: ReadKind;
  /** Those the scan used: of a bitmap heap scan, each below it; none of a sequential scan. */
  readonly indexes: readonly string[];
}

/** The scans of a table, or of all; what INSERT, UPDATE, DELETE and MERGE write to is no read. Never executed scans are included. */
export function readsOf(plan: Plan, relation?: string): readonly RelationRead[] {
  const reads: RelationRead[] = [];
  for (const node of plan.nodes) {
    if (
      node.relation === undefined ||
      (relation !== undefined && node.relation !== relation) ||
      !/\bScan\b/.test(node.type)
    )
      continue;
    const how = kindOf(node.type);
    const own = node.index === undefined ? [] : [node.index];
    reads.push({ node, relation: node.relation, how, indexes: how === 'bitmap' ? bitmapIndexes(plan, node) : own });
  }
  return reads;
}

/** Tables, materialized and foreign tables of its nodes, each once; with their schema unless that is public or not told. */
export function tablesOf(plan: Plan): string[] {
  const names = plan.nodes.flatMap(({ relation, schema = 'public' }) =>
    relation === undefined ? [] : schema === 'public' ? relation : `${schema}.${relation}`,
  );
  return [...new Set(names)];
}

function kindOf(type: string): ReadKind {
  const words = type.replace(/^(?:Parallel |Async )+/, '').replace(/ Backward$/, '');
  if (words === 'Seq Scan') return 'seq';
  if (words === 'Index Scan') return 'index';
  if (words === 'Index Only Scan') return 'index-only';
  return words === 'Bitmap Heap Scan' ? 'bitmap' : 'other';
}

/** The indexes of the Bitmap Index Scans below, through BitmapAnd and BitmapOr. */
function bitmapIndexes(plan: Plan, heapScan: PlanNode): string[] {
  const indexes: string[] = [];
  const pending = heapScan.children.toReversed();
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const node = plan.nodes[id];
    if (node?.type === 'Bitmap Index Scan' && node.index !== undefined) indexes.push(node.index);
    else if (node?.type === 'BitmapAnd' || node?.type === 'BitmapOr')
      for (const child of node.children.toReversed()) pending.push(child);
  }
  return [...new Set(indexes)];
}

/** Shared blocks touched by the whole statement, planning excluded; undefined without BUFFERS. */
export function rootBuffers(plan: Plan): number | undefined {
  const buffers = plan.nodes[0]?.buffers;
  return buffers === undefined ? undefined : sharedBuffers(buffers);
}

/** The node that touched the most shared blocks itself. */
export function worstByBuffers(plan: Plan): PlanNode | undefined {
  return worst(plan, ({ exclusiveBuffers }) =>
    exclusiveBuffers === undefined ? undefined : sharedBuffers(exclusiveBuffers),
  );
}

/** The node that took the most time itself. */
export function worstByTime(plan: Plan): PlanNode | undefined {
  return worst(plan, (node) => node.exclusiveMs);
}

/** The node whose row estimate was farthest off; of equals the lowest, where the error began. */
export function worstEstimate(plan: Plan): PlanNode | undefined {
  return worst(plan, (node) => node.estimateFactor, true);
}

function worst(plan: Plan, figure: (node: PlanNode) => number | undefined, lastOfEquals = false): PlanNode | undefined {
  let found: PlanNode | undefined;
  let most = -1;
  for (const node of plan.nodes) {
    const value = figure(node);
    if (value !== undefined && (lastOfEquals ? value >= most : value > most)) {
      found = node;
      most = value;
    }
  }
  return found;
}

/**
 * A plan's signature: node types, relations, CTEs and indexes, no figures, so that equal shapes are equal strings:
 * "Limit(Nested Loop(Seq Scan customers, Index Scan orders [orders_customer_id_idx]))".
 * `indexName` may say what stands for an index, such as its columns: its name is the student's choice.
 */
export function shape(
  plan: Plan,
  indexName: (index: string, relation: string | undefined) => string = (index) => index,
): string {
  const parts: string[] = [];
  const root = plan.nodes[0];
  const pending: (PlanNode | string)[] = root === undefined ? [] : [root];
  /** By id: the table whose bitmap is built below. */
  const tables = new Map<number, string>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') {
      parts.push(next);
      continue;
    }
    const relation = next.relation ?? tables.get(next.id);
    parts.push(label(next, next.index === undefined ? undefined : indexName(next.index, relation)));
    if (next.children.length === 0) continue;
    pending.push(')');
    next.children.toReversed().forEach((id, place) => {
      const child = plan.nodes[id];
      if (child === undefined) return;
      if (relation !== undefined && child.type.startsWith('Bitmap')) tables.set(id, relation);
      if (place > 0) pending.push(', ');
      pending.push(child);
    });
    pending.push('(');
  }
  return parts.join('');
}

function label(node: PlanNode, index: string | undefined): string {
  const role =
    node.subplan === undefined
      ? ''
      : `${node.subplan.startsWith('CTE ') ? node.subplan : (node.relationship ?? 'SubPlan')}: `;
  const object = node.relation ?? textOf(node.properties, 'CTE Name');
  return `${role}${node.type}${object === undefined ? '' : ` ${object}`}${index === undefined ? '' : ` [${index}]`}`;
}
