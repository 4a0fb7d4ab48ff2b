import { formatCount } from '../words';
import { addTo, type Facts, type Stake, type Sum } from './facts';
import type { Evidence, Finding, Fix, Hit, Late, Rule } from './finding';
import { tableName } from './names';

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
      const shares = sharesOf(facts, hit.stake);
      if (isWorthIt(shares, hit.stake))
        findings.push({ rule, ...hit, ...wordsOf(hit, alsoAt.length), alsoAt, ...shares });
    }
  }
  // Stable: rules and nodes keep their order where shares are equal.
  return findings.sort((a, b) => share(b) - share(a) || (b.shareOfBuffers ?? -1) - (a.shareOfBuffers ?? -1));
}

function share({ shareOfTime, shareOfBuffers }: Finding): number {
  return shareOfTime ?? shareOfBuffers ?? -1;
}

type Shares = Pick<Finding, 'shareOfTime' | 'shareOfBuffers'>;

function sharesOf({ spanMs, totalBlocks }: Facts, { ms, blocks }: Stake): Shares {
  return { shareOfTime: shareOf(ms, spanMs), shareOfBuffers: shareOf(blocks, totalBlocks) };
}

function shareOf(part: number | undefined, whole: number | undefined): number | undefined {
  if (part === undefined || whole === undefined) return undefined;
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}

function isWorthIt({ shareOfTime, shareOfBuffers }: Shares, stake: Stake): boolean {
  if (shareOfTime === undefined && shareOfBuffers === undefined) return true;
  const { ms = 0, errorMs = 0, blocks = 0 } = stake;
  return (
    (shareOfTime !== undefined && shareOfTime >= LEAST_SHARE && ms >= LEAST_MS && ms > errorMs) ||
    (shareOfBuffers !== undefined && shareOfBuffers >= LEAST_SHARE && blocks >= LEAST_BLOCKS)
  );
}

interface Group {
  largest: Hit;
  readonly stake: Sum;
  readonly nodes: number[];
}

/** One hit for those at alike nodes below one Append that ask for the same. */
function merged(facts: Facts, hits: Iterable<Hit>): { hit: Hit; alsoAt: readonly number[] }[] {
  const groups: Group[] = [];
  const places = new Map<number, Map<string, Group>>();
  const latest = new Map<number, Group>();
  for (const hit of hits) {
    const { node, stake } = hit;
    const member = node === undefined ? undefined : facts.member(facts.node(node));
    if (node === undefined || member === undefined) {
      groups.push({ largest: hit, stake, nodes: [] });
      continue;
    }
    let alike = places.get(member.place);
    if (alike === undefined) places.set(member.place, (alike = new Map<string, Group>()));
    const last = latest.get(member.place);
    const isSame = last !== undefined && asksTheSame(last.largest.fixes, hit.fixes);
    const key = isSame ? '' : hit.fixes.map(likeness).join(' ');
    const group = isSame ? last : alike.get(key);
    if (group === undefined) {
      const made = { largest: hit, stake: { ...stake }, nodes: [node] };
      alike.set(key, made);
      latest.set(member.place, made);
      groups.push(made);
      continue;
    }
    if (weight(hit) > weight(group.largest)) group.largest = hit;
    addTo(group.stake, stake);
    group.nodes.push(node);
  }
  return groups.map(({ largest, stake, nodes }) => ({
    hit:
      nodes.length > 1
        ? { ...largest, stake, fixes: largest.fixes.map((fix) => onPartitioned(fix, parentOf(facts, nodes))) }
        : largest,
    alsoAt: nodes.filter((node) => node !== largest.node),
  }));
}

function weight({ stake }: Hit): number {
  return stake.ms ?? stake.blocks ?? 0;
}

/** Partitions share the list of columns itself: nothing to compare. */
function asksTheSame(ones: readonly Fix[], others: readonly Fix[]): boolean {
  const [one, other] = [ones[0], others[0]];
  return (
    ones.length === 1 &&
    others.length === 1 &&
    one?.index !== undefined &&
    one.index.columns === other?.index?.columns &&
    one.index.method === other.index.method &&
    one.index.where === other.index.where &&
    one.index.include === other.index.include
  );
}

/** Fixes are alike where they ask for an index on the same columns, or are of the same kind. */
function likeness(fix: Fix | undefined): string {
  if (fix?.index === undefined) return fix?.kind ?? '';
  const { method = '', columns, include = [], where = '' } = fix.index;
  return `${method}\0${columns.join('\0')}\0\0${include.join('\0')}\0\0${where}`;
}

/** What is said at last, once for all alike nodes. */
function wordsOf({ message, evidence }: Hit, others: number): Pick<Finding, 'message' | 'evidence'> {
  const [sentence, figures] = [said(message), said<readonly Evidence[]>(evidence)];
  if (others === 0) return { message: sentence, evidence: figures };
  return {
    message: `${sentence} The same in ${formatCount(others)} more ${others === 1 ? 'part' : 'parts'} like it.`,
    evidence: [...figures, { name: 'Nodes with this finding', value: formatCount(others + 1) }],
  };
}

function said<T extends string | readonly Evidence[]>(late: Late<T>): T {
  return typeof late === 'function' ? late() : late;
}

function onPartitioned(fix: Fix, parent: string | undefined): Fix {
  const { index, sql } = fix;
  if (index === undefined) return fix;
  if (parent === undefined || sql === undefined)
    return {
      ...fix,
      text: `${fix.text} Where these are partitions, create it on the partitioned table: all get it.`,
    };
  const of = (table: string): string => `CREATE INDEX ON ${tableName({ schema: index.schema, relation: table })} `;
  return {
    ...fix,
    text: `${fix.text} It is created on ${parent}, and each partition gets it.`,
    sql: sql.replace(of(index.table), () => of(parent)),
    index: { ...index, table: parent },
  };
}

/** PostgreSQL calls the partitions of a table that has no alias "events_1", "events_2" …: the partitioned table's name. */
function parentOf(facts: Facts, nodes: readonly number[]): string | undefined {
  let parent: string | undefined;
  let isOther = false;
  for (const id of nodes) {
    const { alias = '', relation = '' } = facts.node(id);
    const name = /^(.+)_\d+$/.exec(alias)?.[1];
    if (name === undefined || !relation.startsWith(`${name}_`) || (parent ?? name) !== name) return undefined;
    parent = name;
    isOther ||= alias !== relation;
  }
  // Tables whose own names are numbered are called so too.
  return isOther ? parent : undefined;
}
