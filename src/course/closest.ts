/**
 * The candidate that a misspelt word most likely means: equal but for case or hyphens, or at most a third of its
 * letters (and two of a short one's none) differ. Transposed neighbours count as one.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  // a word that long is no misspelling, and the distance costs length × length
  if (word.length > 80) return undefined;
  const plain = bare(word);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(Math.min(plain.length, 12) / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > 5) continue;
    const away = distance(plain, bare(candidate));
    if (away < least && away < bare(candidate).length) [best, least] = [candidate, away];
  }
  return best;
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}

/** Optimal string alignment. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a.charAt(row - 1) === b.charAt(column - 1);
      let least = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (
        row > 1 &&
        column > 1 &&
        a.charAt(row - 1) === b.charAt(column - 2) &&
        a.charAt(row - 2) === b.charAt(column - 1)
      )
        least = Math.min(least, (before[column - 2] ?? 0) + 1);
      current.push(least);
    }
    [before, above] = [above, current];
  }
  return above[b.length] ?? 0;
}
