import { addTo, balanceOf, isOpen, type Balance } from './lists';
import { contentOf, extend, lineOf, tailOf, type Line } from './line';
import { figuresAt, isBareNode, readWholeNode, type KnownTypes } from './nodeLine';
import { isKnownName, knownNameAt } from './properties';
import { after, blanksEnd } from './scan';
import { isSectionName, isTrigger } from './sections';

const TAB = 4;
const ARROW = /->\s+(?=[A-Z?])/y;
const SUBPLAN = /^(?:InitPlan|SubPlan)(?: [\w$]+)?(?: \(returns [$\d, ]+\))?$/;
const TARGET = /^(?:Foreign )?(?:Insert|Update|Delete|Merge) on \S/;
const WORKER = /^Worker \d+$/;
/** An extension's line. A wrapped expression rarely looks like it: "Cond: (a" follows an open bracket. */
const NAME = /^[A-Z][\w /().-]{0,58}$/;
const WORD = /[A-Z]/;

interface Reader {
  readonly text: string;
  readonly types: KnownTypes;
  readonly use: Use;
  /** The last line, which may go on. */
  last: Line | undefined;
  /** Two that usual lines take turns in: to make one for each costs more than to read it. */
  readonly turns: readonly [Line, Line];
  /** What of it stays open. */
  balance: Balance;
  /** `balance` has counted it, as far as it goes. */
  counted: boolean;
  rootColumn: number | undefined;
  /** Figures stand in the tree: a line that breaks off before them goes on. */
  figures: boolean;
  /** What stands below the tree has begun. */
  below: boolean;
  /** The text before the plan: a query, which has lines of any kind. */
  query: boolean;
  /** A log puts a tab before each line of a message; the query has its lines without. */
  tabbed: boolean;
  blank: boolean;
  /** Of the longest line: one that long may have been cut there. -1 until a line goes on. */
  width: number;
  lastLength: number;
}

/** Takes a line when it is complete: when the next one has begun. Afterwards, the line may become another. */
export type Use = (line: Line, next: Line | undefined) => void;

/**
 * The lines one by one, so that none of them has to be kept.
 * @param text one or several plans, without frames
 * @param types what is known of them, in all plans of the text
 */
export function readLines(text: string, types: KnownTypes, use: Use): void {
  const reader: Reader = {
    text,
    types,
    use,
    last: undefined,
    turns: [lineOf('node', 0, 0, ''), lineOf('node', 0, 0, '')],
    balance: balanceOf(),
    counted: false,
    rootColumn: undefined,
    figures: text.includes('(cost=') || text.includes('(actual ') || text.includes('(never executed)'),
    below: false,
    query: false,
    tabbed: false,
    blank: false,
    width: -1,
    lastLength: 0,
  };
  for (let from = 0; from < text.length;) {
    let end = text.indexOf('\n', from);
    if (end === -1) end = text.length;
    const next = end + 1;
    if (end > from && text.charCodeAt(end - 1) === 0x0d) end--;
    let at = from;
    let column = 0;
    for (; at < end; at++) {
      const character = text.charCodeAt(at);
      if (character === 0x20) column++;
      else if (character === 0x09) column += TAB;
      else break;
    }
    if (at === end) reader.blank = true;
    else {
      const line = usualLine(reader, at, end, column);
      if (line === undefined) add(reader, from, at, end, column);
      else push(reader, line);
      reader.blank = false;
      reader.lastLength = end - from;
    }
    from = next;
  }
  if (reader.last !== undefined) use(reader.last, undefined);
}

function widest(text: string): number {
  let width = 0;
  for (let from = 0; from < text.length;) {
    let end = text.indexOf('\n', from);
    if (end === -1) end = text.length;
    width = Math.max(width, end - from);
    from = end + 1;
  }
  return width;
}

/**
 * What nearly all lines of a large plan are: a node with all its figures, or a property that EXPLAIN prints. Only what `add`
 * would see in them too, without looking at what stands before, and without a copy.
 */
function usualLine(reader: Reader, at: number, end: number, column: number): Line | undefined {
  const { text } = reader;
  if (reader.rootColumn === undefined || reader.query) return undefined;
  const line = reader.last === reader.turns[0] ? reader.turns[1] : reader.turns[0];
  const first = text.charCodeAt(at);
  if (first === 0x2d) {
    const arrow = after(text, at, '->');
    const from = arrow === -1 ? end : blanksEnd(text, arrow, end);
    if (from === end || from === arrow || !isCapital(text.charCodeAt(from))) return undefined;
    const node = readWholeNode(text, from, end, reader.types);
    if (node === undefined) return undefined;
    line.kind = 'node';
    line.name = '';
    line.colon = -1;
    line.from = from;
    line.node = node;
  } else {
    if (!isCapital(first)) return undefined;
    let colon = at + 1;
    while (colon < end && text.charCodeAt(colon) !== 0x3a) colon++;
    const name = colon === end ? undefined : knownNameAt(text, at, colon);
    if (name === undefined) return undefined;
    line.kind = 'property';
    line.name = name;
    line.colon = colon - at;
    line.from = at;
    line.node = undefined;
  }
  line.column = column;
  line.offset = at;
  line.source = text;
  line.to = end;
  line.more = undefined;
  return line;
}

function isCapital(character: number): boolean {
  return character >= 0x41 && character <= 0x5a;
}

function add(reader: Reader, from: number, at: number, end: number, column: number): void {
  const { text } = reader;
  if (text.charCodeAt(at) === 0x2d) {
    ARROW.lastIndex = at;
    if (ARROW.test(text) && ARROW.lastIndex < end) {
      const content = text.slice(ARROW.lastIndex, end);
      // "-> 'a'" and its like are operators.
      if (!reader.figures || figuresAt(content) !== -1 || !stillOpen(reader)) {
        push(reader, lineOf('node', column, at, content));
        reader.rootColumn ??= column;
        return;
      }
    }
  }
  const content = text.slice(at, end);
  const line = startOf(reader, content, column, at);
  if (line !== undefined) push(reader, line);
  else goOn(reader, text.slice(from, end), content);
}

/** The line that begins here; undefined where the last one goes on, or where it is none of the plan's. */
function startOf(reader: Reader, content: string, column: number, offset: number): Line | undefined {
  const colon = content.indexOf(':');
  const name = colon === -1 ? '' : content.slice(0, colon).trimEnd();
  const line = (kind: Line['kind'], place = -1): Line => {
    const begun = lineOf(kind, column, offset, content);
    begun.name = name;
    begun.colon = place;
    return begun;
  };

  if (reader.rootColumn === undefined || reader.query) {
    if (isQuery(name) && !reader.query) return query(reader, line('section', colon));
    // A query may hold anything, the beginning of a plan too.
    const begins = reader.query ? endsAsNode(content) && isRoot(reader, content) : isRoot(reader, content);
    return begins ? root(reader, line('root')) : undefined;
  }
  if (name !== '' && isKnownName(name)) return line('property', colon);
  if (name !== '' && !isFigures(content, colon)) {
    if (isTrigger(content)) return below(reader, line('trigger'));
    if (isQuery(name)) return query(reader, below(reader, line('section', colon)));
    if (name === 'JIT' && !reader.below && column > reader.rootColumn + 1) return line('property', colon);
    if (isSectionName(name)) return below(reader, line('section', colon));
    if (WORKER.test(name)) return line('worker', colon);
    if (IN_JIT.has(name)) return line('property', colon);
  }
  if (!reader.below) {
    if (SUBPLAN.test(content.trimEnd())) return line('subplan');
    if (content.startsWith('CTE ') && figuresAt(content) === -1 && !stillOpen(reader)) return line('subplan');
    if (TARGET.test(content) && figuresAt(content) === -1 && !stillOpen(reader)) return line('target');
  }
  if (column <= reader.rootColumn && isRoot(reader, content) && !stillOpen(reader)) return root(reader, line('root'));
  if (!reader.below && colon !== -1 && NAME.test(name) && isNamed(content, colon) && !stillOpen(reader))
    return line('property', colon);
  if (colon !== -1 && isNamed(content, colon) && isCompleteNode(reader)) return line('property', colon);
  return undefined;
}

const COMPLETE_NODE = /(?:loops=\d+|width=\d+|executed)\)\s*$/;

/** Nothing but "(actual …" can go on in it. */
function isCompleteNode(reader: Reader): boolean {
  const { last } = reader;
  return (last?.kind === 'node' || last?.kind === 'root') && endsAsNode(tailOf(last, 40));
}

export function endsAsNode(content: string): boolean {
  return COMPLETE_NODE.test(content.slice(-40));
}

const IN_JIT = new Set(['Functions', 'Options', 'Timing']);

/** "Name: value" or "Name:" */
function isNamed(content: string, colon: number): boolean {
  const after = content.charCodeAt(colon + 1);
  return after === 0x20 || Number.isNaN(after);
}

/** The colon stands in what a node's line says after its figures began. */
function isFigures(content: string, colon: number): boolean {
  const figures = content.indexOf('(cost=');
  return figures !== -1 && figures < colon;
}

function root(reader: Reader, line: Line): Line {
  reader.rootColumn = line.column;
  reader.below = false;
  reader.query = false;
  return line;
}

function isQuery(name: string): boolean {
  return name === 'Query Text' || name === 'Query Parameters';
}

function query(reader: Reader, line: Line): Line {
  reader.query = true;
  reader.tabbed = line.column >= TAB;
  return line;
}

function below(reader: Reader, line: Line): Line {
  reader.below = true;
  return line;
}

/** A plan's first line has no arrow. */
export function isRoot(reader: { readonly figures: boolean }, content: string): boolean {
  if (!WORD.test(content.charAt(0))) return false;
  const figures = figuresAt(content);
  // Wrapped early: "Sort  (cos" and "t=0.00..1.23 …"
  if (figures !== -1) return /[\w)"]\s*$/.test(content.slice(Math.max(0, figures - 40), figures));
  if (reader.figures && !/ {2}\((?:c(?:o(?:s(?:t)?)?)?)?$/.test(content)) return false;
  return isBareNode(content.replace(/\s+\(?\w*$/, (end) => (end.includes('(') ? '' : end)).trim());
}

function push(reader: Reader, line: Line): void {
  if (reader.last !== undefined) reader.use(reader.last, line);
  reader.last = line;
  reader.balance.depth = 0;
  reader.balance.quote = 0;
  reader.counted = false;
}

function stillOpen(reader: Reader): boolean {
  if (reader.last === undefined) return false;
  if (!reader.counted) addTo(reader.balance, contentOf(reader.last));
  reader.counted = true;
  return isOpen(reader.balance);
}

/** How a line ends that is complete, below the tree. */
const COMPLETE = /(?:ms|kB|=\d+|'|true|false|format=\w+|\d)\s*$/;
/** A word after which an expression goes on with a blank. */
const BEFORE_BLANK = /(?:,|\b(?:AND|OR|NOT|IS|IN|ANY|ALL|WHEN|THEN|ELSE|FROM|ON|AS)|[=<>~*/+-])$/;

/** @param whole the line with its indentation @param content without */
function goOn(reader: Reader, whole: string, content: string): void {
  const { last } = reader;
  if (last === undefined) return;
  if (reader.query) {
    grow(reader, last, `\n${reader.tabbed && whole.startsWith('\t') ? whole.slice(1) : whole}`);
    return;
  }
  if (isCompleteNode(reader) && !content.startsWith('(')) return;
  const open = stillOpen(reader);
  if (reader.below) {
    if (reader.blank || (last.kind !== 'trigger' && COMPLETE.test(tailOf(last, 60)) && !open)) return;
  } else if (reader.blank && !open) return;
  if (reader.width === -1) reader.width = widest(reader.text);
  // A literal holds a line break; a terminal cuts where the line is full.
  if (reader.balance.quote !== 0 && reader.lastLength < reader.width) grow(reader, last, `\n${whole}`);
  else if (BEFORE_BLANK.test(tailOf(last, 10)) && reader.lastLength < reader.width && !whole.startsWith(' '))
    grow(reader, last, ` ${content}`);
  else grow(reader, last, whole);
}

function grow(reader: Reader, last: Line, more: string): void {
  extend(last, more);
  if (reader.counted) addTo(reader.balance, more);
}
