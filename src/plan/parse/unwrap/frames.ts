import { endOf, firstOf, forEachLine, rewritten, type Mapped } from './mapped';

const BARS = new Set(['|', '│', '║']);
const MARKS = new Set(['+', '↵']);
const RULE = /^[\s+|\-=*\u2500-\u257f]+$/;
/** "-[ RECORD 1 ]---" of \x, in any language, with border 1 and 2. */
const RECORD = /^[\s+|*\-\u2500-\u257f]*\[ ?[^\]\n]{1,40} \d+ ?\]/;
/** "* Record 1": border 0. */
const RECORD_0 = /^\* [^\n:(]{1,40} \d+\s*$/;
const FIELD = /^\s*[|│║]?\s?QUERY PLAN\s?([|│║]) ?/;
const FIELD_0 = /^QUERY PLAN (?=\s*\S)/;

/** A text without any of these has no frame that must go: one search each, and no look at the lines. */
const MAY_FRAME = ['|', '│', '║', '↵', '…', '\n.', '+\n', '+\r', '* '];

/** A line of a frame, or below a heading. */
export function isRule(line: string): boolean {
  return line.trim().length > 2 && RULE.test(line);
}

/**
 * psql's frames of every border style and those of its kin: bars at the lines' ends, marks of a cell that goes on in the next
 * line (+, ↵) and \x.
 */
export function withoutFrames(source: Mapped): Mapped {
  if (!MAY_FRAME.some((sign) => source.text.includes(sign))) return source;
  const expanded = fromExpanded(source);
  const { text } = expanded;
  const lines = edgesOf(text);
  const most = lines.filter((line) => line.kind === 'text').length * 0.6;
  const all = {
    left: atLeast(lines, most, (line) => line.left !== -1),
    right: atLeast(lines, most, (line) => line.right !== -1),
    mark: atLeast(lines, Math.max(2, most), (line) => line.mark !== -1),
  };
  if (!lines.some((line) => line.left !== -1 || line.right !== -1 || line.mark !== -1 || line.wrapped)) return expanded;
  let place = 0;
  return rewritten(expanded, (out) => {
    let joins = false;
    forEachLine(text, (from, to, next) => {
      const line = lines[place];
      const neighbours = [lines[place - 1], lines[place + 1]];
      const near = (edge: 'left' | 'right' | 'mark'): boolean =>
        line !== undefined && line[edge] !== -1 && neighbours.some((other) => other?.[edge] === line[edge]);
      const follows = lines[place + 1]?.continues === true;
      place++;
      if (line?.kind !== 'text') {
        out.keep(from, next);
        return;
      }
      const both = line.left !== -1 && line.right !== -1;
      let begin = from;
      let end = to;
      if (line.left !== -1 && (both || all.left || near('left'))) begin = from + line.left + 1;
      // A cell's last blanks may be inside an expression that a terminal has cut: they stay without a frame.
      if (line.right !== -1 && (both || all.right || near('right'))) end = endOf(text, begin, from + line.right);
      if (line.mark !== -1 && (all.mark || near('mark'))) end = endOf(text, begin, from + line.mark);
      if (joins) begin = firstOf(text, begin, end) + 1;
      joins = line.wrapped && follows;
      if (joins) end = endOf(text, begin, end) - 1;
      if (begin < end) out.keep(begin, end);
      if (!joins && next > to) out.keep(next - 1, next);
    });
  });
}

/** Where a line's bars and its mark stand, -1 where it has none: in a frame, the next line has them in the same place. */
interface Edges {
  readonly kind: 'text' | 'rule' | 'blank';
  readonly left: number;
  readonly right: number;
  readonly mark: number;
  /** psql's "wrapped" format: … at the end and at the beginning of the next line; a dot where its lines are ASCII. */
  readonly wrapped: boolean;
  readonly continues: boolean;
}

const NO_EDGES = { left: -1, right: -1, mark: -1, wrapped: false, continues: false };

function edgesOf(text: string): Edges[] {
  const lines: Edges[] = [];
  /** Of the rule above, without a frame; undefined where a terminal has cut it, and so has made the breaks that are here. */
  let width: number | undefined;
  forEachLine(text, (from, to) => {
    const first = firstOf(text, from, to);
    if (first === to) {
      lines.push({ ...NO_EDGES, kind: 'blank' });
      return;
    }
    let end = endOf(text, from, to);
    if (isCorner(text.charAt(first)) && isRule(text.slice(from, to))) {
      width = lines.at(-1)?.kind === 'rule' ? undefined : end - from;
      lines.push({ ...NO_EDGES, kind: 'rule', left: first - from, right: end - 1 - from });
      return;
    }
    const left = BARS.has(text.charAt(first)) ? first - from : -1;
    const right = BARS.has(text.charAt(end - 1)) && end - 1 > first ? end - 1 - from : -1;
    if (right !== -1) end = endOf(text, from, from + right);
    const mark = MARKS.has(text.charAt(end - 1)) && end - 1 > first ? end - 1 - from : -1;
    const begin = left === -1 ? first : firstOf(text, first + 1, to);
    // A margin holds a blank or the dot.
    const dots = left !== -1 && right !== -1;
    const wrapped =
      text[end - 1] === '…' || (text[end - 1] === '.' && (dots ? end - from === right : end - from === width));
    const continues = text[begin] === '…' || (text[begin] === '.' && begin - from === (dots ? left + 1 : 0));
    lines.push({ kind: 'text', left, right, mark, wrapped, continues });
  });
  return lines;
}

function atLeast(lines: readonly Edges[], count: number, has: (line: Edges) => boolean): boolean {
  let found = 0;
  for (const line of lines) if (line.kind === 'text' && has(line)) found++;
  return found > 0 && found >= count;
}

function isCorner(character: string): boolean {
  return character === '+' || character === '-' || character === '=' || character === '|' || BOX.test(character);
}

const BOX = /[\u2500-\u257f]/;

/** Below a field that has more lines: the same bar, or a colon (linestyle old-ascii), in the same column. */
function goesOn(line: string, column: number, bar: string): boolean {
  if (line[column] !== bar && line[column] !== ':') return false;
  return line.slice(0, column).replace(/[|│║]/, '').trim() === '';
}

/** One record a line, "QUERY PLAN | Seq Scan on …", or one whose lines go on in the same column. */
function fromExpanded(source: Mapped): Mapped {
  let records = 0;
  forEachLine(source.text, (from, to) => {
    const line = source.text.slice(from, Math.min(to, from + 200));
    if (RECORD.test(line) || RECORD_0.test(line)) records++;
  });
  const fields = /(?:^|\n)[ \t]*[|│║]?[ \t]?QUERY PLAN[ \t]?[|│║][^\n]*[^\s|│║\n]/.test(source.text);
  if (records === 0 && !fields) return source;
  return rewritten(source, (out, text) => {
    let column = -1;
    let bar = '';
    let bare = false;
    forEachLine(text, (from, to, next) => {
      const line = text.slice(from, to);
      if (RECORD.test(line) || RECORD_0.test(line)) return;
      const field = FIELD.exec(line);
      if (field !== null) {
        bar = field[1] ?? '';
        column = line.lastIndexOf(bar, field[0].length - 1);
        out.keep(from + field[0].length, next);
        return;
      }
      const field0 = records > 0 ? FIELD_0.exec(line) : null;
      if (field0 !== null) {
        bare = true;
        out.keep(from + field0[0].length, next);
      } else if (column !== -1 && goesOn(line, column, bar))
        out.keep(from + column + (line[column + 1] === ' ' ? 2 : 1), next);
      else if (bare && line.startsWith(' '.repeat('QUERY PLAN '.length))) out.keep(from + 'QUERY PLAN '.length, next);
      else out.keep(from, next);
    });
  });
}
