import type { Finding } from '../../../plan/findings/finding';
import type { Item } from '../../../plan/layout/items';

export interface Marks {
  readonly findings: (item: Item) => number;
  readonly isMatch: ((item: Item) => boolean) | undefined;
  /** "2 findings, found"; empty without. */
  readonly words: (item: Item) => string;
}

/** Findings and hits of the search by what shows their nodes: a closed group has those of all it holds. */
export function marksOf(
  shownBy: Int32Array | undefined,
  findings: ReadonlyMap<number, readonly Finding[]>,
  matches: ReadonlySet<number> | undefined,
): Marks {
  const counts = new Map<number, number>();
  for (const [id, { length }] of findings) {
    const index = shownBy?.[id];
    if (index !== undefined) counts.set(index, (counts.get(index) ?? 0) + length);
  }
  const found = new Set<number>();
  for (const id of matches ?? []) {
    const index = shownBy?.[id];
    if (index !== undefined) found.add(index);
  }
  const count = ({ index }: Item): number => counts.get(index) ?? 0;
  return {
    findings: count,
    isMatch: matches === undefined ? undefined : ({ index }) => found.has(index),
    words: (item) => {
      const number = count(item);
      const parts = [
        number === 0 ? '' : `${number} ${number === 1 ? 'finding' : 'findings'}`,
        found.has(item.index) ? 'matches the search' : '',
      ];
      return parts.filter((part) => part !== '').join(', ');
    },
  };
}
