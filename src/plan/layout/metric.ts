import { sharedBuffers, type Plan, type PlanNode } from '../model';
import { formatBuffers, formatCount, formatMs, formatRows } from '../words';

/** What bars and widths stand for. Rows: those that came from the node; cost: the planner's, without the children's. */
export type Metric = 'time' | 'buffers' | 'rows' | 'cost';

const ALL: readonly Metric[] = ['time', 'buffers', 'rows', 'cost'];

/** Each node's own figure, by id; undefined where the plan has none. Milliseconds, blocks, rows, cost units. */
export interface Figures {
  readonly metric: Metric;
  readonly own: readonly (number | undefined)[];
  /** The largest, and the sum of all; 0 where there is none. */
  readonly most: number;
  readonly total: number;
  /** The sum over the nodes before each id: see `sumOver`. */
  readonly before: Float64Array;
}

export function figuresOf(plan: Plan, metric: Metric): Figures {
  const { nodes } = plan;
  const own = nodes.map((node) => ownFigure(node, metric, nodes));
  const before = new Float64Array(nodes.length + 1);
  let most = 0;
  let total = 0;
  for (const [id, figure = 0] of own.entries()) {
    total += figure;
    if (figure > most) most = figure;
    before[id + 1] = total;
  }
  return { metric, own, most, total, before };
}

/** Of the nodes first … end − 1; a subtree is such a range. */
export function sumOver({ before }: Figures, first: number, end: number): number {
  return (before[end] ?? 0) - (before[first] ?? 0);
}

function ownFigure(node: PlanNode, metric: Metric, nodes: readonly PlanNode[]): number | undefined {
  switch (metric) {
    case 'time':
      return node.exclusiveMs;
    case 'buffers':
      return node.exclusiveBuffers === undefined ? undefined : sharedBuffers(node.exclusiveBuffers);
    case 'rows':
      return rowsOf(node);
    case 'cost': {
      if (node.totalCost === undefined) return undefined;
      let own = node.totalCost;
      for (const child of node.children) own -= nodes[child]?.totalCost ?? 0;
      return Math.max(0, own);
    }
  }
}

/** Rows of all loops: measured, or expected where the plan was not run. */
export function rowsOf(node: PlanNode): number | undefined {
  if (node.neverExecuted) return undefined;
  return node.loops === undefined ? node.planRows : node.totalRows;
}

/** Those that the plan has figures for. */
export function metricsOf(plan: Plan): readonly Metric[] {
  return ALL.filter((metric) => plan.nodes.some((node) => ownFigure(node, metric, plan.nodes) !== undefined));
}

/** The wished one, or the first that the plan has figures for. */
export function metricFor(plan: Plan, wish: Metric): Metric {
  const all = metricsOf(plan);
  return all.includes(wish) ? wish : (all[0] ?? 'time');
}

export const METRIC_NAMES: Readonly<Record<Metric, string>> = {
  time: 'Time',
  buffers: 'Buffers',
  rows: 'Rows',
  cost: 'Cost',
};

/** "12.4 ms", "2,942 buffers", "400,000 rows", "cost 12,300". */
export function formatFigure(metric: Metric, figure: number): string {
  switch (metric) {
    case 'time':
      return formatMs(figure);
    case 'buffers':
      return formatBuffers(figure);
    case 'rows':
      return formatRows(figure);
    case 'cost':
      return `cost ${formatCount(figure)}`;
  }
}

/** "34 %", "< 1 %"; undefined for a share of nothing. */
export function formatShare(part: number, whole: number): string | undefined {
  if (whole <= 0) return undefined;
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 1) return '< 1 %';
  return `${percent.toFixed(0)} %`;
}
