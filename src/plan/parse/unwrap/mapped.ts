/** A text made of parts of another, which knows where each stood: an error is shown in the text that was pasted. */
export interface Mapped {
  readonly text: string;
  /** @returns the offset in the original text */
  readonly toOriginal: (offset: number) => number;
}

export function unchanged(text: string): Mapped {
  return { text, toOriginal: (offset) => offset };
}

export interface Rewriter {
  /** The source from here to there. */
  readonly keep: (from: number, to: number) => void;
  /** Something else, which stands for the source at this place. */
  readonly insert: (text: string, at: number) => void;
}

/** A text after its parts were kept, in any order, or replaced. */
export function rewritten(source: Mapped, edit: (out: Rewriter, text: string) => void): Mapped {
  const parts: string[] = [];
  const starts: number[] = [];
  const sources: number[] = [];
  let length = 0;
  let expected = -1;
  const add = (part: string, at: number, kept: boolean): void => {
    if (part === '') return;
    // A part that follows the last in the source too needs no entry.
    if (!kept || at !== expected) {
      starts.push(length);
      sources.push(at);
    }
    parts.push(part);
    length += part.length;
    expected = kept ? at + part.length : -1;
  };
  edit(
    {
      keep: (from, to) => {
        add(source.text.slice(from, to), from, true);
      },
      insert: (text, at) => {
        add(text, at, false);
      },
    },
    source.text,
  );
  const place = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return (sources[low] ?? 0) + Math.max(0, offset - (starts[low] ?? 0));
  };
  const end = source.text.length;
  return { text: parts.join(''), toOriginal: (offset) => source.toOriginal(Math.min(end, place(offset))) };
}

/** A part of a text. */
export function sliced(source: Mapped, from: number, to: number): Mapped {
  return { text: source.text.slice(from, to), toOriginal: (offset) => source.toOriginal(from + offset) };
}

/** Calls with each line, without its line break: `\n` or `\r\n`. */
export function forEachLine(text: string, use: (from: number, to: number, next: number) => void): void {
  for (let from = 0; from < text.length;) {
    let to = text.indexOf('\n', from);
    if (to === -1) to = text.length;
    const next = Math.min(text.length, to + 1);
    if (to > from && text.charCodeAt(to - 1) === 0x0d) to--;
    use(from, to, next);
    from = to === text.length ? text.length : next;
  }
}

/** Where the first character stands that is not blank; `to` where all are. */
export function firstOf(text: string, from: number, to: number): number {
  let at = from;
  // Nearly all are these.
  while (at < to && text.charCodeAt(at) === 0x20) at++;
  while (at < to && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** Past the last character that is not blank. */
export function endOf(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

function isBlank(character: number): boolean {
  return character === 0x20 || character === 0x09 || character === 0x0d;
}
