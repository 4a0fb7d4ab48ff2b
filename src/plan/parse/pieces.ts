import type { PlanFormat } from '../model';
import { endsAsNode, isRoot } from './text/lines';
import { figuresAt, isBareNode } from './text/nodeLine';
import { isKnownName } from './text/properties';
import { isRule } from './unwrap/frames';
import { endOf, firstOf, forEachLine, rewritten, sliced, type Mapped } from './unwrap/mapped';
import { jsonStringEnd } from './unwrap/strings';

/** A part of a text that is a plan, or a group of plans, in one format. */
export interface Piece extends Mapped {
  readonly format: PlanFormat;
}

/**
 * The plans in a text, in order. What stands between them – prompts, statements, headings, numbers of rows, log lines – is left
 * out; nothing of a plan is.
 */
export function* piecesOf(source: Mapped): Generator<Piece> {
  const { text } = source;
  const scan: Scan = { text, at: 0, query: undefined, heading: false, unbalanced: 0, figures: hasFigures(text) };
  while (scan.at < text.length) {
    const found = pieceAt(scan);
    if (found !== undefined) {
      yield { ...withoutTabs(sliced(source, found.from, found.to), text, found), format: found.format };
      scan.at = Math.max(found.to, scan.at + 1);
      scan.query = undefined;
      scan.heading = false;
    }
  }
}

/** A log puts a tab before each line of a message, also inside the literals of XML. */
function withoutTabs(piece: Mapped, text: string, { from, format }: Found): Mapped {
  if (format !== 'xml' || text.charCodeAt(from - 1) !== 0x09 || !piece.text.includes('\n\t')) return piece;
  return rewritten(piece, (out) => {
    forEachLine(piece.text, (begin, _to, next) => {
      out.keep(piece.text.charCodeAt(begin) === 0x09 ? begin + 1 : begin, next);
    });
  });
}

interface Scan {
  readonly text: string;
  readonly figures: boolean;
  at: number;
  /** Where auto_explain's query begins, which stands before its plan. */
  query: number | undefined;
  /** The last line was a heading or a rule: what follows is a plan, though it may have neither cost nor time. */
  heading: boolean;
  /** JSON that didn't end. */
  unbalanced: number;
}

interface Found {
  readonly format: PlanFormat;
  readonly from: number;
  readonly to: number;
}

function hasFigures(text: string): boolean {
  return text.includes('(cost=') || text.includes('(actual ') || text.includes('(never executed)');
}

const QUERY = /^(?:- )?(?:"?Query (?:Text|Parameters|Identifier)"?):/;
const YAML = /^(?:- )?"?Plan"?:$/;
const ARROW = /^->\s+[A-Z?]/;

/** The piece that begins in this line; moves on to the next line. */
function pieceAt(scan: Scan): Found | undefined {
  const { text } = scan;
  const from = scan.at;
  const to = lineEnd(text, from);
  scan.at = to + 1;
  const first = firstOf(text, from, to);
  if (first === to) return undefined;
  const end = endOf(text, first, to);
  const character = text.charAt(first);

  if (character === '[' || character === '{') return jsonAt(scan, first);
  if (character === '<') {
    if (!text.startsWith('<explain', first) && !text.startsWith('<?xml', first)) return undefined;
    const close = text.indexOf('</explain>', first);
    return { format: 'xml', from: first, to: close === -1 ? boundary(text, first) : close + '</explain>'.length };
  }
  const line = text.slice(first, end);
  const heading = scan.heading;
  scan.heading = line.includes('QUERY PLAN') || isRule(line);
  if (scan.heading) scan.query = undefined;
  if (QUERY.test(line)) {
    scan.query ??= from;
    return undefined;
  }
  if (YAML.test(line)) {
    const start = scan.query ?? from;
    return { format: 'yaml', from: start, to: yamlEnd(text, start, to) };
  }
  if (isTextRoot(scan, line, heading, to))
    return { format: 'text', from: scan.query ?? from, to: boundary(text, to + 1) };
  if (isLog(text, from, to)) scan.query = undefined;
  const inside = line.indexOf('{');
  if (inside !== -1 && /"Plan"|^\{"Query Text"/.test(line.slice(inside))) return jsonAt(scan, first + inside);
  return undefined;
}

function isTextRoot(scan: Scan, line: string, heading: boolean, to: number): boolean {
  if (ARROW.test(line)) return figuresAt(line) !== -1 || !scan.figures;
  // A query may hold anything, the beginning of a plan too.
  if (scan.query !== undefined && !endsAsNode(line)) return false;
  if (isRoot({ figures: true }, line)) return true;
  // COSTS OFF: a node's name alone. Among plans with costs, only where a heading or the next line says that it is one.
  if (!isBareNode(line)) return false;
  return heading || !scan.figures || nextIsPlan(scan.text, to + 1);
}

function nextIsPlan(text: string, from: number): boolean {
  const to = lineEnd(text, from);
  const first = firstOf(text, from, to);
  const line = text.slice(first, Math.min(to, first + 100));
  return first > from && (ARROW.test(line) || isKnownName(line.slice(0, Math.max(0, line.indexOf(':')))));
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

const ROWS = /^\(\d+\s*[^()\d=:]{1,30}\)$/;
const PROMPT = /^\S{0,100}\w[=^-][*!?]?[#>](?:\s|$)/;
const TIMESTAMP = /^(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )/;
const SEVERITY = /(?:\b[A-ZÄÖÜА-Я]{3,12}\d?: {1,2}|\[\d+\])/;

/** Where a plan's lines end: at the number of rows, the next heading, a prompt, a log's next entry, a fence. */
function boundary(text: string, from: number): number {
  for (let at = from; at < text.length;) {
    const to = lineEnd(text, at);
    const first = firstOf(text, at, to);
    if (first < to && isBoundary(text, at, first, to)) return at;
    at = to + 1;
  }
  return text.length;
}

function isBoundary(text: string, from: number, first: number, to: number): boolean {
  const character = text.charCodeAt(first);
  // Most lines of a plan are indented; these are not, or little.
  if (character === 0x28) return ROWS.test(text.slice(first, endOf(text, first, Math.min(to, first + 80))));
  if (character === 0x60) return text.startsWith('```', first);
  if (first - from > 4) {
    if (character === 0x51) return text.startsWith('QUERY PLAN', first);
    return character > 0x2500 && isRule(text.slice(first, to));
  }
  const line = text.slice(first, endOf(text, first, Math.min(to, first + 200)));
  if (line.startsWith('QUERY PLAN') || line.startsWith('<explain')) return true;
  if (/^(?:[{}]|\[\s*\{?|\]|~~~.*)$/.test(line)) return true;
  if (isRule(line)) return true;
  if (line.includes('#') || line.includes('>')) if (PROMPT.test(line)) return true;
  return isLog(text, from, to);
}

function isLog(text: string, from: number, to: number): boolean {
  const line = text.slice(from, Math.min(to, from + 300));
  return (
    (TIMESTAMP.test(line) && SEVERITY.test(line)) ||
    /^(?:psql:.{1,200}: )?(?:ERROR|FATAL|PANIC|WARNING|NOTICE|LOG|DETAIL|HINT|CONTEXT|STATEMENT): {1,2}/.test(line)
  );
}

/** YAML ends where a line stands further left than its first, or a boundary does. */
function yamlEnd(text: string, start: number, from: number): number {
  const column = firstOf(text, start, text.length) - start;
  for (let at = from + 1; at < text.length;) {
    const to = lineEnd(text, at);
    const first = firstOf(text, at, to);
    if (first < to) {
      const left = first - at;
      if (left < column) return at;
      if (left === column && !/^(?:- |"?[A-Z][\w /-]*"?:)/.test(text.slice(first, Math.min(to, first + 100))))
        return at;
      if (left <= column && isBoundary(text, at, first, to)) return at;
    }
    at = to + 1;
  }
  return text.length;
}

/** A second plan that begins while one is open: that one was cut off. */
const MOST_UNBALANCED = 20;
const IS_PLAN = /^(?:\[\s*)?\{\s*"(?:Plan|Query Text|Query Parameters|Query Identifier)"\s*:/;
const PLAN_KEY = /"Plan"\s*:\s*\{/;

function jsonAt(scan: Scan, from: number): Found | undefined {
  const { text } = scan;
  const beginning = text.slice(from, from + 200);
  // A prompt: "[123] postgres=#".
  if (!/^\[\s*(?:[[{\]"]|$)|^\{\s*(?:["}]|$)/.test(beginning)) return undefined;
  if (scan.unbalanced >= MOST_UNBALANCED) return undefined;
  const end = jsonEnd(text, from);
  if (end === undefined) scan.unbalanced++;
  const to = end ?? text.length;
  if (IS_PLAN.test(beginning)) return { format: 'json', from, to: end ?? cutOff(text, from) };
  const key = text.slice(from, to).search(PLAN_KEY);
  if (key === -1) {
    if (end !== undefined) scan.at = Math.max(scan.at, end);
    return undefined;
  }
  const place = from + key;
  // Inside rows of a client: the object that has the key.
  let attempts = 0;
  for (let open = text.lastIndexOf('{', place); open >= from && attempts < MOST_UNBALANCED; attempts++) {
    const close = jsonEnd(text, open);
    if (close !== undefined && close > place) return { format: 'json', from: open, to: close };
    if (open === 0) break;
    open = text.lastIndexOf('{', open - 1);
  }
  return { format: 'json', from, to };
}

/** A plan without its end: up to the next thing that begins. */
function cutOff(text: string, from: number): number {
  const next = boundary(text, lineEnd(text, from) + 1);
  let at = next;
  // "]", "}" and "{" alone are its own lines.
  while (at < text.length && /^\s*[[\]{}]/.test(text.slice(at, at + 200))) at = boundary(text, lineEnd(text, at) + 1);
  return at;
}

/** Past the bracket that closes the one at `from`; undefined where none does. */
function jsonEnd(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x22) at = jsonStringEnd(text, at) - 1;
    else if (character === 0x7b || character === 0x5b) depth++;
    else if (character === 0x7d || character === 0x5d) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}
