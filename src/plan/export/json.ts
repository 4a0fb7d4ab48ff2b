import type { Comparison, Figure } from '../compare/comparison';
import type { Finding } from '../findings/finding';
import type { Buffers, Plan, PlanNode } from '../model';

/** What `pg-lessons plan --format json` prints of one input, on one line. Documented in docs/plan-json.md: names stay. */
export interface PlanLine {
  /** As named on the command line; "-" for standard input. */
  readonly file: string;
  /** Only where the input, or a part of it, could not be read; `plans` has what could. */
  readonly error?: PlanLineError;
  readonly plans: readonly PlanOutput[];
  /** Only with --compare: how the first plan differs from the other file's first. */
  readonly comparison?: ComparisonOutput;
}

/** `line` and `column` count from 1; null where the text was not even read. */
export interface PlanLineError {
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** Times in ms, buffers in blocks of 8 kB, rows in rows. A figure that the plan doesn't have is null. */
export interface PlanOutput {
  readonly executionMs: number | null;
  readonly planningMs: number | null;
  readonly nodes: readonly NodeOutput[];
  readonly findings: readonly FindingOutput[];
}

export interface NodeOutput {
  readonly path: string;
  readonly depth: number;
  readonly type: string;
  readonly relation: string | null;
  readonly index: string | null;
  readonly planRows: number | null;
  readonly rows: number | null;
  readonly loops: number | null;
  readonly inclusiveMs: number | null;
  readonly exclusiveMs: number | null;
  readonly errorMs: number | null;
  readonly buffers: Buffers | null;
  readonly exclusiveBuffers: Buffers | null;
  readonly neverExecuted: boolean;
}

export interface FindingOutput {
  /** The rule's name, as in docs/findings.md. */
  readonly id: string;
  /** The node's `path`; null where it is about the whole statement. */
  readonly node: string | null;
  readonly shareOfTime: number | null;
  readonly message: string;
  /** What to do, with the statement where there is one; null where nothing is proposed. */
  readonly fix: string | null;
}

export interface ComparisonOutput {
  readonly before: string;
  readonly outcome: Comparison['outcome'];
  readonly verdict: string;
  readonly totals: Readonly<
    Record<keyof Comparison['totals'], { readonly before: number | null; readonly after: number | null }>
  >;
  /** What is not the same. `before` and `after` are paths in either plan, null where the node is in one only. */
  readonly changes: readonly {
    readonly change: string;
    readonly before: string | null;
    readonly after: string | null;
    readonly words: readonly string[];
  }[];
}

/** @param findings of each plan, in the order of `plans` */
export function planLine(
  file: string,
  plans: readonly Plan[],
  findings: readonly (readonly Finding[])[],
  compared?: { readonly file: string; readonly comparison: Comparison },
): PlanLine {
  return {
    file,
    plans: plans.map((plan, place) => planOutput(plan, findings[place] ?? [])),
    ...(compared && { comparison: comparisonOutput(compared.file, compared.comparison) }),
  };
}

/** The line as text, without a line break. */
export function planJson(file: string, plans: readonly Plan[], findings: readonly (readonly Finding[])[]): string {
  return JSON.stringify(planLine(file, plans, findings));
}

function planOutput(plan: Plan, findings: readonly Finding[]): PlanOutput {
  const paths = pathsOf(plan);
  return {
    executionMs: plan.executionMs ?? null,
    planningMs: plan.planningMs ?? null,
    nodes: plan.nodes.map((node) => nodeOutput(node, paths[node.id] ?? '')),
    findings: findings.map(({ rule, node, shareOfTime, message, fixes }) => ({
      id: rule.id,
      node: node === undefined ? null : (paths[node] ?? null),
      shareOfTime: exact(shareOfTime),
      message,
      fix: fixes[0] === undefined ? null : [fixes[0].text, fixes[0].sql ?? ''].join(' ').trimEnd(),
    })),
  };
}

function nodeOutput(node: PlanNode, path: string): NodeOutput {
  return {
    path,
    depth: node.depth,
    type: node.type,
    relation: node.relation ?? null,
    index: node.index ?? null,
    planRows: node.planRows ?? null,
    rows: node.rows ?? null,
    loops: node.loops ?? null,
    inclusiveMs: exact(node.inclusiveMs),
    exclusiveMs: exact(node.exclusiveMs),
    errorMs: exact(node.errorMs),
    buffers: node.buffers ?? null,
    exclusiveBuffers: node.exclusiveBuffers ?? null,
    neverExecuted: node.neverExecuted,
  };
}

/** To the nanosecond, without what binary sums add: 0.433, not 0.43299999999999983. */
function exact(figure: number | undefined): number | null {
  return figure === undefined ? null : Number(figure.toFixed(6));
}

/** Below so many levels a path begins anew, "#5001.0": else the paths of a deep plan are as long as its depth squared. */
const LEVELS = 2000;

/** By node id: "0" is the root, "0.1" its second child. */
export function pathsOf({ nodes }: Plan): readonly string[] {
  const paths = nodes.map(() => '0');
  for (const node of nodes) {
    const isAnew = node.depth > 0 && node.depth % LEVELS === 0;
    const path = isAnew ? `#${node.id}` : (paths[node.id] ?? '');
    paths[node.id] = path;
    node.children.forEach((child, place) => {
      paths[child] = `${path}.${place}`;
    });
  }
  return paths;
}

function comparisonOutput(
  file: string,
  { before, after, verdict, outcome, totals, pairs }: Comparison,
): ComparisonOutput {
  const [paths, pathsAfter] = [pathsOf(before), pathsOf(after)];
  const figure = (of: Figure): { before: number | null; after: number | null } => ({
    before: of.before ?? null,
    after: of.after ?? null,
  });
  return {
    before: file,
    outcome,
    verdict,
    totals: {
      executionMs: figure(totals.executionMs),
      planningMs: figure(totals.planningMs),
      buffers: figure(totals.buffers),
      tempBlocks: figure(totals.tempBlocks),
      rows: figure(totals.rows),
      cost: figure(totals.cost),
    },
    changes: pairs
      .filter(({ change }) => change !== 'same')
      .map((pair) => ({
        change: pair.change,
        before: pair.before === undefined ? null : (paths[pair.before] ?? null),
        after: pair.after === undefined ? null : (pathsAfter[pair.after] ?? null),
        words: pair.words,
      })),
  };
}
