import type { Comparison, Figure, Pair } from '../compare/comparison';
import type { Finding } from '../findings/finding';
import type { Plan } from '../model';
import { formatCount, formatMs, nodeTitle } from '../words';
import { plain } from './plain';

/** Findings and comparisons as text to read in a terminal: what stands below a plan's text. Lines end with "\n". */

export function findingsText(plan: Plan, findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No findings.\n';
  const lines: string[] = [];
  findings.forEach((finding, place) => {
    const node = finding.node === undefined ? undefined : plan.nodes[finding.node];
    const at = node === undefined ? '' : `, at ${nodeTitle(node)}`;
    lines.push(`[${place + 1}] ${finding.rule.title}${shareOf(finding)}${at}`);
    lines.push(`    ${finding.message}`);
    for (const { text, sql } of finding.fixes) {
      lines.push(`    Fix: ${text}`);
      if (sql !== undefined) for (const line of sql.split('\n')) lines.push(`         ${line}`);
    }
    lines.push(`    Doubt: ${finding.doubt}`);
  });
  return lines.map((line) => `${plain(line).trimEnd()}\n`).join('');
}

function shareOf({ shareOfTime, shareOfBuffers }: Finding): string {
  if (shareOfTime !== undefined) return ` (${percent(shareOfTime)} of the time)`;
  return shareOfBuffers === undefined ? '' : ` (${percent(shareOfBuffers)} of the buffers)`;
}

function percent(share: number): string {
  const rounded = Math.round(share * 100);
  return rounded === 0 && share > 0 ? 'less than 1 %' : `${rounded} %`;
}

/** The verdict, the totals, and each node that is not the same: + added, - removed, ~ changed, > moved. */
export function comparisonText(comparison: Comparison): string {
  const { before, after, verdict, totals, pairs } = comparison;
  const lines = [`${verdict}.`];
  const figures: readonly (readonly [string, Figure, (value: number) => string])[] = [
    ['execution', totals.executionMs, formatMs],
    ['planning', totals.planningMs, formatMs],
    ['buffers', totals.buffers, formatCount],
    ['temp blocks', totals.tempBlocks, formatCount],
    ['rows', totals.rows, formatCount],
    ['cost', totals.cost, formatCount],
  ];
  for (const [name, figure, format] of figures) {
    const [from, to] = [figure.before, figure.after];
    if (from === undefined && to === undefined) continue;
    const say = (value: number | undefined): string => (value === undefined ? '?' : format(value));
    lines.push(`  ${name.padEnd(12)} ${say(from)} → ${say(to)}`);
  }
  for (const pair of pairs) {
    const title = titleOf(pair, before, after);
    if (pair.change !== 'same') lines.push(`${MARKS[pair.change]} ${indent(pair)}${[title, ...pair.words].join('; ')}`);
  }
  return lines.map((line) => `${plain(line).trimEnd()}\n`).join('');
}

const MARKS = { added: '+', removed: '-', changed: '~', moved: '>' } as const;

function titleOf(pair: Pair, before: Plan, after: Plan): string {
  const node = pair.after === undefined ? before.nodes[pair.before ?? 0] : after.nodes[pair.after];
  return node === undefined ? '' : nodeTitle(node);
}

/** Deeper nodes are not set further in. */
const DEEPEST = 40;

function indent({ depth }: Pair): string {
  return '  '.repeat(Math.min(depth, DEEPEST));
}
