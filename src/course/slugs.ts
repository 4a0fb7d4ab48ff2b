/** GitHub's anchors: lower case, punctuation dropped, spaces to hyphens, repeats numbered. */
export class Slugs {
  private readonly seen = new Map<string, number>();

  next(text: string): string {
    const base =
      text
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-') || 'section';
    const count = this.seen.get(base) ?? 0;
    this.seen.set(base, count + 1);
    return count === 0 ? base : `${base}-${count}`;
  }
}
