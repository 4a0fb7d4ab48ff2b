import { formatCount } from '../words';
import { addStakes, type Facts, type Stake } from './facts';
import type { Finding, Fix, Hit, Rule } from './finding';

/** A finding; where it stands for several like it, what the others are about. */
export interface RankedFinding extends Finding {
  /** Ids of the other nodes with the same finding (partitions); its figures are the sum. */
  readonly alsoAt: readonly number[];
}

/** Less of the statement's time than this is not worth a sentence. */
const LEAST_SHARE = 0.01;
/** Nor is this; the next run may well differ by more. */
const LEAST_MS = 0.1;
/** The same of its blocks, where they are more than a small table has. */
const LEAST_BLOCKS = 4;

/**
 * Runs the rules and puts what they found in order:
 * 1. The same finding at alike nodes below one Append (partitions) becomes one.
 * 2. A hit is dropped where its stake is within its error bar or below 1 % of the time (or 0.1 ms), and below 1 % of the
 *    buffers (or 4 blocks) too. One whose stake was not measured (no ANALYZE, TIMING OFF) stays.
 * 3. By the share of time, or of the buffers without times; those not measured last; then in the order of the rules and nodes.
 */
export function ranked(facts: Facts, rules: readonly Rule[]): readonly RankedFinding[] {
  const findings: RankedFinding[] = [];
  for (const rule of rules) {
    for (const { hit, alsoAt } of merged(facts, rule.find(facts))) {
      const finding: RankedFinding = { rule, ...hit, alsoAt, ...sharesOf(facts, hit.stake) };
      if (isWorthIt(finding)) findings.push(finding);
    }
  }
  // Stable: rules and nodes keep their order where shares are equal.
  return findings.sort((a, b) => share(b) - share(a) || (b.shareOfBuffers ?? -1) - (a.shareOfBuffers ?? -1));
}

function share({ shareOfTime, shareOfBuffers }: Finding): number {
  return shareOfTime ?? shareOfBuffers ?? -1;
}

function sharesOf(
  { spanMs, totalBlocks }: Facts,
  { ms, blocks }: Stake,
): { shareOfTime: number | undefined; shareOfBuffers: number | undefined } {
  return { shareOfTime: shareOf(ms, spanMs), shareOfBuffers: shareOf(blocks, totalBlocks) };
}

function shareOf(part: number | undefined, whole: number | undefined): number | undefined {
  if (part === undefined || whole === undefined) return undefined;
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}

function isWorthIt({ shareOfTime, shareOfBuffers, stake }: Finding): boolean {
  if (shareOfTime === undefined && shareOfBuffers === undefined) return true;
  const { ms = 0, errorMs = 0, blocks = 0 } = stake;
  return (
    (shareOfTime !== undefined && shareOfTime >= LEAST_SHARE && ms >= LEAST_MS && ms > errorMs) ||
    (shareOfBuffers !== undefined && shareOfBuffers >= LEAST_SHARE && blocks >= LEAST_BLOCKS)
  );
}

interface Group {
  largest: Hit;
  stake: Stake;
  readonly nodes: number[];
}

/** One hit for those at alike nodes below one Append that ask for the same. */
function merged(facts: Facts, hits: Iterable<Hit>): { hit: Hit; alsoAt: readonly number[] }[] {
  const groups = new Map<string, Group>();
  let alone = 0;
  for (const hit of hits) {
    const member = hit.node === undefined ? undefined : facts.member(facts.node(hit.node));
    const key =
      member === undefined ? `alone ${alone++}` : `${member.of} ${member.place} ${hit.fixes.map(likeness).join(' ')}`;
    const group = groups.get(key);
    const nodes = hit.node === undefined ? [] : [hit.node];
    if (group === undefined) {
      groups.set(key, { largest: hit, stake: hit.stake, nodes });
      continue;
    }
    if (weight(hit) > weight(group.largest)) group.largest = hit;
    group.stake = addStakes(group.stake, hit.stake);
    for (const node of nodes) group.nodes.push(node);
  }
  return [...groups.values()].map((group) => ({
    hit: group.nodes.length > 1 ? together(group) : group.largest,
    alsoAt: group.nodes.filter((node) => node !== group.largest.node),
  }));
}

function weight({ stake }: Hit): number {
  return stake.ms ?? stake.blocks ?? 0;
}

/** Fixes are alike where they ask for an index on the same columns, or are of the same kind. */
function likeness({ kind, index }: Fix): string {
  return index === undefined ? kind : JSON.stringify([kind, index.columns, index.include, index.where]);
}

function together({ largest, stake, nodes }: Group): Hit {
  const others = nodes.length - 1;
  return {
    ...largest,
    message: `${largest.message} The same in ${formatCount(others)} more ${others === 1 ? 'part' : 'parts'} like it.`,
    evidence: [...largest.evidence, { name: 'Nodes with this finding', value: formatCount(nodes.length) }],
    fixes: largest.fixes.map((fix) =>
      fix.index === undefined
        ? fix
        : { ...fix, text: `${fix.text} Where these are partitions, create it on the partitioned table: all get it.` },
    ),
    stake,
  };
}
