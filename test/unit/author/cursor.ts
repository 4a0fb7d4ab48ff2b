/** A text with one cursor, written `|`. */
export function atCursor(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('|');
  if (offset < 0 || marked.includes('|', offset + 1)) throw new Error(`One | is needed: ${marked}`);
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}
