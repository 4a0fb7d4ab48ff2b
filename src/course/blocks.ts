/**
 * The blocks of a lesson that have a meaning of their own: headings and fences. A scan of the lines where that tells
 * all there is, markdown-it where lists, quotes, indentation or underlined headings come in.
 */
import { markdown } from './markdown';
import { normalizeText } from './text';

export interface HeadingBlock {
  readonly type: 'heading';
  readonly level: number;
  /** Its markdown, without the marks. */
  readonly source: string;
  readonly line: number;
}

export interface FenceBlock {
  readonly type: 'fence';
  readonly info: string;
  /** The content, each line with its end. */
  readonly text: string;
  /** Its first line's. */
  readonly line: number;
  /** Its last line's: the closing fence, or the last line there is. */
  readonly endLine: number;
  readonly closed: boolean;
  /** At the left margin of the lesson, not inside a list or quote. */
  readonly top: boolean;
  /** "```" */
  readonly marks: string;
}

export type Block = HeadingBlock | FenceBlock;

const OPEN = /^(`{3,}|~{3,})(.*)$/;
const ATX = /^(#{1,6})(?:[ \t]+(.*))?$/;
/** Lines that can be a fence or a heading whose place only a markdown parser knows. */
const DOUBTFUL =
  /^(?:[ \t]+(?:`{3}|~{3}|#)|[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]).*(?:`{3}|~{3}|[>\s]#)|[ \t]*(?:=+|-+)[ \t]*$)/;

/** @param text normalized @param firstLine the line at which it starts */
export function blocksOf(text: string, firstLine = 0): Block[] {
  return scan(text, firstLine) ?? parse(text, firstLine);
}

/** `undefined` where lines alone do not tell. */
function scan(text: string, firstLine: number): Block[] | undefined {
  const blocks: Block[] = [];
  let open: { marks: string; info: string; line: number; start: number } | undefined;
  let line = firstLine;
  let blank = true;
  for (let at = 0; at <= text.length; line++) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const first = text.charCodeAt(at);
    if (open) {
      // a closing fence is worth a closer look only where its character is
      if (mayClose(text, at, end, open.marks.charCodeAt(0)) && closes(text.slice(at, end), open.marks)) {
        blocks.push(fence(open, text.slice(open.start, at), line, true));
        open = undefined;
        blank = true;
      }
    } else if (at === end) {
      blank = true;
    } else if (first === 0x60 || first === 0x7e) {
      const match = OPEN.exec(text.slice(at, end));
      const [, marks, info] = match ?? [];
      if (marks !== undefined && info !== undefined && !(marks.startsWith('`') && info.includes('`')))
        open = { marks, info, line, start: end + 1 };
      blank = false;
    } else if (first === 0x23) {
      const heading = atx(text.slice(at, end), line);
      if (heading) blocks.push(heading);
      blank = heading !== undefined;
    } else {
      if (mayDoubt(first)) {
        const content = text.slice(at, end);
        const isRule = /^[ \t]*(?:=+|-+)[ \t]*$/.test(content);
        if (DOUBTFUL.test(content) && !(isRule && blank)) return undefined;
        blank = content.trim() === '';
      } else blank = false;
    }
    if (newline === -1) break;
    at = newline + 1;
  }
  if (open) blocks.push(fence(open, text.slice(open.start), lastLine(text, firstLine), false));
  return blocks;
}

/** White space, quote, list marker, digit, underline. */
function mayDoubt(code: number): boolean {
  return (
    code === 0x20 ||
    code === 0x09 ||
    code === 0x3e ||
    code === 0x2d ||
    code === 0x2a ||
    code === 0x2b ||
    code === 0x3d ||
    (code >= 0x30 && code <= 0x39)
  );
}

function mayClose(text: string, start: number, end: number, mark: number): boolean {
  let at = start;
  while (at < end && at < start + 4 && text.charCodeAt(at) === 0x20) at++;
  return text.charCodeAt(at) === mark;
}

function closes(line: string, marks: string): boolean {
  const found = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return found !== undefined && found.startsWith(marks);
}

function fence(
  open: { marks: string; info: string; line: number },
  text: string,
  endLine: number,
  closed: boolean,
): FenceBlock {
  return { type: 'fence', info: open.info, text, line: open.line, endLine, closed, top: true, marks: open.marks };
}

function atx(content: string, line: number): HeadingBlock | undefined {
  const match = ATX.exec(content);
  if (!match) return undefined;
  const source = (match[2] ?? '')
    .trim()
    .replace(/(?:^|[ \t])#+$/, '')
    .trim();
  return { type: 'heading', level: match[1]?.length ?? 1, source, line };
}

/** The last line with something in it; a text's last \n begins none. */
function lastLine(text: string, firstLine: number): number {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return firstLine + Math.max(0, lines - 1);
}

function parse(text: string, firstLine: number): Block[] {
  const lines = text.split('\n');
  const parser = markdown();
  const tokens: ReturnType<typeof parser.parse> = [];
  parser.block.parse(normalizeText(text), parser, {}, tokens);
  const blocks: Block[] = [];
  const last = lastLine(text, firstLine);
  for (const [index, token] of tokens.entries()) {
    if (!token.map) continue;
    const line = firstLine + token.map[0];
    if (token.type === 'heading_open') {
      const source = tokens[index + 1]?.content ?? '';
      blocks.push({ type: 'heading', level: Number(token.tag.slice(1)), source, line });
    } else if (token.type === 'fence') {
      const end = Math.max(token.map[0], token.map[1] - 1);
      const closing = /(`{3,}|~{3,})[ \t]*$/.exec(lines[end] ?? '')?.[1];
      const closed = end > token.map[0] && closing !== undefined && closing.startsWith(token.markup);
      blocks.push({
        type: 'fence',
        info: token.info,
        text: token.content,
        line,
        endLine: Math.min(last, firstLine + end),
        closed,
        top: token.level === 0,
        marks: token.markup,
      });
    }
  }
  return blocks;
}

/**
 * The line of the next block's first line that stands inside this one, because its closing fence was forgotten: found
 * by the role that the info string has.
 */
export function swallowedLine(fence: FenceBlock, hasRole: (info: string) => boolean): number | undefined {
  const mark = fence.marks.charAt(0);
  if (!fence.text.includes(mark.repeat(3))) return undefined;
  for (const [index, line] of fence.text.split('\n').entries()) {
    const [, marks = '', info = ''] = OPEN.exec(line) ?? [];
    if (marks.startsWith(fence.marks) && info.trim() !== '' && hasRole(info)) return fence.line + 1 + index;
  }
  return undefined;
}
