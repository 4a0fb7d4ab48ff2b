/** Which of many equal rows (or columns of known widths) are in sight. Lengths in CSS pixels. */

/** `first` to `end`, `end` not included. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/**
 * Rows in sight, and `margin` more on either side. One element can be some 33 million pixels high:
 * enough for 1.5 million rows of 22 px.
 */
export function rowsInSight(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
  margin: number,
): Range {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const end = Math.ceil((Math.max(0, scrollTop) + Math.max(0, height)) / rowHeight);
  return {
    first: Math.min(Math.max(0, first - margin), count),
    end: Math.min(count, end + margin),
  };
}

/** Where each column starts; the last entry is where all of them end. */
export function offsets(widths: readonly number[]): readonly number[] {
  const starts = [0];
  let at = 0;
  for (const width of widths) {
    at += width;
    starts.push(at);
  }
  return starts;
}

/** Columns of which at least one pixel is in sight. `starts` as `offsets` gives it. */
export function columnsInSight(starts: readonly number[], scrollLeft: number, width: number): Range {
  const count = starts.length - 1;
  const right = scrollLeft + Math.max(0, width);
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle + 1] ?? 0) <= scrollLeft) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  let end = low;
  while (end < count && (starts[end] ?? 0) < right) {
    end++;
  }
  return { first: low, end };
}

/** The scroll offset at which `start`…`end` is in sight, moved as little as possible. A thing larger than the view shows its start. */
export function scrollToShow(start: number, end: number, scroll: number, size: number): number {
  if (start < scroll || end - start > size) {
    return Math.max(0, start);
  }
  return end > scroll + size ? end - size : scroll;
}
