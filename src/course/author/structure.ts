import { exercisesOf, lessonBlocks, type Span } from './blocks';

/** An exercise, or one of its blocks, for the outline. */
export interface Part {
  readonly name: string;
  readonly detail: string;
  readonly span: Span;
  /** Shown when it is chosen; inside `span`. */
  readonly selection: Span;
  readonly children: readonly Part[];
}

/** The exercises of a lesson with their blocks. */
export function exerciseParts(source: string): Part[] {
  return exercisesOf(source, lessonBlocks(source)).map(({ id, idSpan, head, parts, span }) => ({
    name: id ?? 'exercise',
    detail: head.heading,
    span,
    selection: idSpan ?? head.info,
    children: parts.map((block) => ({
      name: block.role?.role ?? '',
      detail: block.label ?? firstLine(source, block.content),
      span: block.span,
      selection: block.info,
      children: [],
    })),
  }));
}

/** Lines to fold, from 0, inclusive: each exercise with all of its blocks, where there is more than its head. */
export function exerciseFolds(source: string): { readonly start: number; readonly end: number }[] {
  const lines = new LineNumbers(source);
  return exercisesOf(source, lessonBlocks(source)).map(({ span }) => ({
    start: lines.at(span.start),
    end: lines.at(span.end),
  }));
}

function firstLine(source: string, { start, end }: Span): string {
  const [line = ''] = source
    .slice(start, Math.min(end, start + 200))
    .trimStart()
    .split(/\r?\n/);
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/** Counts on from the last offset that was asked for. */
class LineNumbers {
  private offset = 0;
  private line = 0;

  constructor(private readonly source: string) {}

  at(offset: number): number {
    if (offset < this.offset) [this.offset, this.line] = [0, 0];
    for (let next = this.source.indexOf('\n', this.offset); next >= 0 && next < offset;) {
      this.line++;
      this.offset = next + 1;
      next = this.source.indexOf('\n', this.offset);
    }
    return this.line;
  }
}
