import { roleOf, type RoleDescription } from './roles';

/** A part of a file: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A fenced block at the left margin (CommonMark 4.5), also one that is not closed yet. */
export interface Block {
  /** From the first backtick to the last one, without the line's end. */
  readonly span: Span;
  /** What stands behind the opening backticks. */
  readonly info: Span;
  readonly content: Span;
  readonly role: RoleDescription | undefined;
  /** `wrong "…"`: the text in quotes. */
  readonly label: string | undefined;
  /** The heading it stands under; empty without one. */
  readonly heading: string;
}

export interface LessonBlocks {
  /** The YAML between the lines of `---` at the file's top. */
  readonly front: Span | undefined;
  readonly blocks: readonly Block[];
  readonly headings: readonly Span[];
}

/** An exercise with the blocks that belong to it. */
export interface ExerciseBlocks {
  /** As its YAML spells it; `undefined` while it has none. */
  readonly id: string | undefined;
  readonly idSpan: Span | undefined;
  readonly head: Block;
  readonly parts: readonly Block[];
  /** From its head to the end of its last part. */
  readonly span: Span;
}

/**
 * Finds front matter and fences line by line: quick enough for each key, and right about a text that is being
 * written. A fence inside a list or quote is none of ours: parse.ts reports it.
 */
export function lessonBlocks(source: string): LessonBlocks {
  const blocks: Block[] = [];
  const headings: Span[] = [];
  let front: Span | undefined;
  let heading = '';
  let open: { marker: string; start: number; info: Span; content: number } | undefined;
  const close = (content: number, end: number): void => {
    if (!open) return;
    const info = source.slice(open.info.start, open.info.end);
    blocks.push({
      span: { start: open.start, end },
      info: open.info,
      content: { start: Math.min(open.content, content), end: content },
      role: roleOf(info),
      label: /"([^"]*)"/.exec(info)?.[1],
      heading,
    });
    open = undefined;
  };

  let first = true;
  let inFront: number | undefined;
  for (const { start, end, next } of lines(source)) {
    const text = source.slice(start, end);
    if (first && /^---[ \t]*$/.test(text)) inFront = next;
    else if (inFront !== undefined && /^---[ \t]*$/.test(text)) {
      front = { start: inFront, end: start };
      inFront = undefined;
    } else if (inFront === undefined && open) {
      const mark = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(text)?.[1];
      if (mark?.startsWith(open.marker)) close(start, end);
    } else if (inFront === undefined) {
      const fence = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(text);
      const title = /^ {0,3}#{1,6}(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(text);
      if (fence) {
        const [, indent = '', marker = ''] = fence;
        const at = start + indent.length;
        open = { marker, start: at, info: { start: at + marker.length, end }, content: next };
      } else if (title) {
        heading = title[1] ?? '';
        headings.push({ start, end });
      }
    }
    first = false;
  }
  // not closed yet: front matter up to the first empty line, a fence up to the end
  if (inFront !== undefined) {
    const stop = /\r?\n[ \t]*\r?\n/.exec(source.slice(inFront));
    front = { start: inFront, end: stop ? inFront + stop.index + 1 : source.length };
  }
  close(source.length, source.length);
  return { front, blocks, headings };
}

/** The lesson's exercises: each `yaml exercise` with the parts below it, up to the next heading or exercise. */
export function exercisesOf(source: string, { blocks, headings }: LessonBlocks): ExerciseBlocks[] {
  const heads = blocks.filter((block) => block.role?.role === 'exercise');
  return heads.map((head, index) => {
    const next = heads[index + 1]?.span.start ?? source.length;
    const stop = headings.find((each) => each.start > head.span.end && each.start < next)?.start ?? next;
    const parts = blocks.filter(
      (block) => block.role?.part === true && block.span.start > head.span.start && block.span.start < stop,
    );
    const id = idIn(source, head.content);
    return {
      id: id && source.slice(id.start, id.end),
      idSpan: id,
      head,
      parts,
      span: { start: head.span.start, end: parts.at(-1)?.span.end ?? head.span.end },
    };
  });
}

/** The value of the top-level key `id`, without quotes; `undefined` when there is none. */
export function idIn(source: string, { start, end }: Span): Span | undefined {
  const match = /^(id[ \t]*:[ \t]+)(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#"'][^\s#]*))/m.exec(source.slice(start, end));
  if (!match) return undefined;
  const [, before = '', ...values]: (string | undefined)[] = match;
  const value = values.find((each) => each !== undefined);
  if (value === undefined) return undefined;
  const quote = values[2] === undefined ? 1 : 0;
  const from = start + match.index + before.length + quote;
  return { start: from, end: from + value.length };
}

/** The YAML of a lesson at an offset. */
export interface YamlAt {
  readonly kind: 'front' | 'exercise';
  readonly span: Span;
}

export function yamlAt({ front, blocks }: LessonBlocks, offset: number): YamlAt | undefined {
  if (front && within(front, offset)) return { kind: 'front', span: front };
  const block = blocks.find((each) => each.role?.role === 'exercise' && within(each.content, offset));
  return block && { kind: 'exercise', span: block.content };
}

/** Its end counts: there is where one types. */
export function within({ start, end }: Span, offset: number): boolean {
  return offset >= start && offset <= end;
}

function* lines(source: string): Generator<Span & { readonly next: number }> {
  let start = 0;
  while (start <= source.length) {
    const at = source.indexOf('\n', start);
    const next = at < 0 ? source.length + 1 : at + 1;
    const stop = at < 0 ? source.length : at;
    yield {
      start,
      end: source.charCodeAt(stop - 1) === 13 && stop > start ? stop - 1 : stop,
      next: Math.min(next, source.length),
    };
    start = next;
  }
}
