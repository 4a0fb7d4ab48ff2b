import { alikeTotals, type Alike } from '../alike';
import type { Plan, PlanNode } from '../model';
import { endsOf } from '../tree';
import { describeNode, formatCount, formatFactor, formatRows, formatShort, nodeTitle } from '../words';
import type { Item } from './items';
import { formatFigure, formatShare, rowsOf, sumOver, type Figures } from './metric';

/** What an item says, in the words that pictures and screen readers share. */
export interface Caption {
  /** "Hash Join", "9,998 × Seq Scan". */
  readonly title: string;
  /** "using orders_pkey on orders o"; may be empty. */
  readonly place: string;
  /** "12.4 ms"; of a group with all below it. Undefined where the plan has no figure. */
  readonly figure: string | undefined;
  /** "34 %" of the plan's sum. */
  readonly share: string | undefined;
  /** 0–1 of the largest node; a group may exceed it and gets 1. */
  readonly bar: number;
  readonly isNever: boolean;
  /** Rows of all loops, for the edge to the parent. */
  readonly rows: number | undefined;
  /** "400 k". */
  readonly rowsLabel: string;
  /** "24 × more rows than estimated", from a factor of 10 on. */
  readonly estimate: string | undefined;
  /** Worked out when it is asked for. */
  readonly sentence: string;
}

/** From here on an estimate is far enough off to be worth a word. */
const FAR_OFF = 10;

/** Captions on demand: few of thousands are ever in sight. */
export function captionsOf(plan: Plan, figures: Figures): (item: Item) => Caption {
  const ends = endsOf(plan.nodes);
  const made = new Map<number, Caption>();
  return (item) => {
    const known = made.get(item.index);
    if (known !== undefined) return known;
    const node = plan.nodes[item.node];
    if (node === undefined) throw new RangeError(`No node ${item.node}.`);
    const caption =
      item.kind === 'node' ? ofNode(node, figures) : ofGroup(plan, node, { members: item.members }, figures, ends);
    made.set(item.index, caption);
    return caption;
  };
}

function ofNode(node: PlanNode, figures: Figures): Caption {
  const own = figures.own[node.id];
  const rows = rowsOf(node);
  const place = nodeTitle(node).slice(node.type.length).trim();
  const estimate = estimateOf(node);
  return {
    title: node.type,
    place: node.subplan === undefined ? place : [node.subplan, place].filter((part) => part !== '').join(' · '),
    ...figureWords(own, figures),
    isNever: node.neverExecuted,
    rows,
    rowsLabel: rowsLabel(rows),
    estimate,
    get sentence() {
      return estimate === undefined ? describeNode(node) : `${describeNode(node)}, ${estimate}`;
    },
  };
}

function ofGroup(plan: Plan, first: PlanNode, group: Alike, figures: Figures, ends: Uint32Array): Caption {
  const totals = alikeTotals(plan, group);
  const known = group.members.some((id) => figures.own[id] !== undefined);
  let sum = 0;
  for (const id of group.members) sum += sumOver(figures, id, ends[id] ?? id);
  const isNever = totals.neverExecuted === totals.count;
  const never =
    totals.neverExecuted === 0
      ? undefined
      : isNever
        ? 'never executed'
        : `${formatCount(totals.neverExecuted)} never executed`;
  const rows = plan.analyzed ? totals.rows : totals.planRows;
  const title = `${formatCount(totals.count)} × ${first.type}`;
  const name = totals.pattern === undefined ? undefined : `on ${totals.pattern}`;
  const words = figureWords(known ? sum : undefined, figures);
  const sentence = [
    name === undefined ? title : `${title} ${name}`,
    rows === undefined ? undefined : formatRows(rows),
    words.figure === undefined ? undefined : `${words.figure} in all`,
    never,
  ];
  return {
    title,
    place: [isNever ? undefined : never, name].filter((part) => part !== undefined).join(' · '),
    ...words,
    isNever,
    rows,
    rowsLabel: rowsLabel(rows),
    estimate: undefined,
    sentence: sentence.filter((part) => part !== undefined).join(', '),
  };
}

function figureWords(own: number | undefined, figures: Figures): Pick<Caption, 'figure' | 'share' | 'bar'> {
  if (own === undefined) return { figure: undefined, share: undefined, bar: 0 };
  return {
    figure: formatFigure(figures.metric, own),
    // Shares of rows would say nothing: each node hands on what it got.
    share: figures.metric === 'rows' ? undefined : formatShare(own, figures.total),
    bar: figures.most > 0 ? Math.min(1, own / figures.most) : 0,
  };
}

function rowsLabel(rows: number | undefined): string {
  if (rows === undefined) return '';
  return rows < 100_000 ? formatCount(rows) : formatShort(rows);
}

function estimateOf({ estimateFactor, estimateIsBound, rows, planRows }: PlanNode): string | undefined {
  if (estimateFactor === undefined || estimateFactor < FAR_OFF || rows === undefined || planRows === undefined) {
    return undefined;
  }
  const factor = `${estimateIsBound ? '≥ ' : ''}${formatFactor(estimateFactor)}`;
  return `${factor} ${rows > planRows ? 'more' : 'fewer'} rows than estimated`;
}
