/**
 * What a `text output` block says about the example above it. In the block, `…` stands for anything within a line,
 * and a line of nothing but `…` for any number of lines. What varies by its nature is named in the info string, and so
 * are the versions it is printed by, where others print something else:
 *
 *     ```text output on 18 masking times, memory
 *
 * Masks are names, not expressions: a lesson may come from anywhere, and an expression can take for ever.
 */
import type { OutputBlock } from './lesson';

/** What each name covers. Each expression is linear, for it meets what a stranger's statement printed. */
export const MASKS = {
  /** Every number. */
  numbers: { covers: 'every number', pattern: /\d+(?:\.\d+)?/g },
  /** EXPLAIN's times, psql's, and anything in ms, s or µs. */
  times: {
    covers: 'actual time=0.487..0.490 and what is followed by ms, s or µs',
    pattern: /\btime=\d+\.\d+\.\.\d+\.\d+|\b\d+(?:\.\d+)? ?(?:ms|µs|us|s)\b/g,
  },
  /** The planner's half of a plan's line: the statistics behind it come from a random sample. */
  costs: { covers: '(cost=0.42..10.92 rows=103 width=14)', pattern: /\(cost=[\d.]+ rows=\d+ width=\d+\)/g },
  /** Sort, Hash, Memoize, Storage: also the number of batches, which follows from it. */
  memory: {
    covers: 'Memory: 25kB, Disk: 120kB, and buckets and batches',
    pattern: /\b(?:Memory(?: Usage)?|Disk(?: Usage)?|Maximum Storage|Buckets|Batches): \d+(?: ?kB)?/g,
  },
  buffers: { covers: 'hit=300, read=5, dirtied=1, written=1', pattern: /\b(?:hit|read|dirtied|written)=\d+/g },
  dates: {
    covers: '2026-01-01, with or without a time and a zone',
    pattern: /\b\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?/g,
  },
} as const satisfies Readonly<Record<string, { readonly covers: string; readonly pattern: RegExp }>>;

export type MaskName = keyof typeof MASKS;

export const MASK_NAMES = Object.keys(MASKS) as MaskName[];

/** A word of an info string, and where in it. */
export interface InfoWord {
  readonly text: string;
  readonly start: number;
}

/** PostgreSQL's major versions: "18", "16-18", "17+". */
export interface Versions {
  readonly from: number;
  /** Absent: all that come after. */
  readonly to?: number;
}

/** What the info string of a `text output` block says, and the words that say nothing. */
export interface OutputInfo {
  readonly masks: readonly MaskName[];
  readonly unknown: readonly InfoWord[];
  readonly on?: Versions;
  /** What stands behind `on` and is no version; of nothing, `on` itself. */
  readonly badVersions?: InfoWord;
}

/** `text output on 18 masking times, memory`; either may come first. */
export function readOutputInfo(info: string): OutputInfo {
  const head = /^\s*\S+\s+output\b\s*/.exec(info)?.[0].length ?? info.length;
  const words = [...info.slice(head).matchAll(/[^\s,]+/g)].map((match): InfoWord => ({
    text: match[0],
    start: head + match.index,
  }));
  const at = words.findIndex(({ text }) => text === 'on');
  const [on, versions] = at === -1 ? [] : words.splice(at, 2);
  const named = words[0]?.text === 'masking' ? words.slice(1) : words;
  const isMask = ({ text }: InfoWord): boolean => Object.hasOwn(MASKS, text);
  // `text output times` lacks the word that makes it readable
  const range = readVersions(versions?.text ?? '');
  const bad = on && !range ? (versions ?? on) : undefined;
  const described = { ...(range && { on: range }), ...(bad && { badVersions: bad }) };
  if (words.length > 0 && words[0]?.text !== 'masking') return { masks: [], unknown: words, ...described };
  return {
    ...described,
    masks: named.filter(isMask).map(({ text }) => text as MaskName),
    unknown: named.filter((word) => !isMask(word)),
  };
}

function readVersions(text: string): Versions | undefined {
  const [, from, plus, to] = /^(\d{2})(?:(\+)|-(\d{2}))?$/.exec(text) ?? [];
  if (from === undefined) return undefined;
  const range = { from: Number(from), ...(plus === undefined && { to: Number(to ?? from) }) };
  return range.to !== undefined && range.to < range.from ? undefined : range;
}

/** @param version as `server_version_num`: 180001 */
export function isIn({ from, to }: Versions, version: number): boolean {
  const major = Math.floor(version / 10_000);
  return from <= major && (to === undefined || major <= to);
}

/** "18", "16-18", "17+" */
export function versionsText({ from, to }: Versions): string {
  return to === undefined ? `${from}+` : to === from ? String(from) : `${from}-${to}`;
}

/** Both as they are printed, so that an author may take `seen` over into the lesson. */
export interface OutputDifference {
  /** The block's text. */
  readonly expected: string;
  /** What was printed; a line that differs only in what is masked is the block's own. */
  readonly seen: string;
}

/**
 * Compares what an example printed with what its lesson prints. White space inside and behind a line does not count
 * (columns grow with their values), indentation does.
 * @returns `undefined` when they agree
 */
export function compareOutput(block: Pick<OutputBlock, 'text' | 'masks'>, seen: string): OutputDifference | undefined {
  const expected = linesOf(block.text);
  const got = linesOf(seen);
  const comparable = (line: string): string => masked(line, block.masks);
  if (linesMatch(expected.map(comparable), got.map(comparable))) return undefined;
  const own = new Map(expected.map((line) => [comparable(line), line]));
  // times that vary would hide what is wrong; alignment is psql's
  const shown = got.map((line) => (comparable(line) === masked(line, []) ? line : (own.get(comparable(line)) ?? line)));
  return { expected: expected.join('\n'), seen: shown.join('\n') };
}

/** Without blank lines at the end, and white space behind the others. */
function linesOf(text: string): string[] {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

function masked(line: string, masks: readonly MaskName[]): string {
  let text = line;
  // numbers last: the others know more about what they cover
  for (const mask of MASK_NAMES.filter((name) => name !== 'numbers' && masks.includes(name)))
    text = text.replace(MASKS[mask].pattern, `‹${mask}›`);
  if (masks.includes('numbers')) text = text.replace(MASKS.numbers.pattern, '‹numbers›');
  const indent = /^\s*/.exec(text)?.[0] ?? '';
  const rest = text.slice(indent.length).replace(/\s+/g, ' ').trimEnd();
  // psql's line below the column names is as wide as the values
  return /^[-+]*-[-+]*$/.test(rest)
    ? rest.replace(/-+/g, '-')
    : rest === ''
      ? ''
      : rest.startsWith('…') && rest.trim() === '…'
        ? '…'
        : indent + rest;
}

/** `*` matching that goes back to the last `…` only, so it takes |expected| × |seen| steps at worst. */
function linesMatch(expected: readonly string[], seen: readonly string[]): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let line = 0; line < seen.length;) {
    const wanted = expected[at];
    if (wanted === '…') {
      star = at++;
      resume = line;
    } else if (wanted !== undefined && lineMatches(wanted, seen[line] ?? '')) {
      at++;
      line++;
    } else if (star >= 0) {
      at = star + 1;
      line = ++resume;
    } else return false;
  }
  while (expected[at] === '…') at++;
  return at === expected.length;
}

function lineMatches(wanted: string, seen: string): boolean {
  if (!wanted.includes('…')) return wanted === seen;
  const parts = wanted.split('…');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!seen.startsWith(first) || !seen.endsWith(last) || seen.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = seen.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= seen.length - last.length;
}
