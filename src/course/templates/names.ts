/** Ids and file names, made from what a person calls a thing. */

/**
 * An id as the format wants it: "Query Performance, part 2" → `query-performance-part-2`.
 * @returns '' when the title has no letter or digit of ASCII, also without its accents
 */
export function idFrom(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
}

/** `id`, or the first of `id-2`, `id-3` … that is not taken. */
export function freeId(id: string, taken: Iterable<string>): string {
  const known = new Set(taken);
  if (!known.has(id)) return id;
  for (let number = 2; ; number++) {
    const next = `${id}-${number}`;
    if (!known.has(next)) return next;
  }
}

/**
 * A lesson's file, behind those of its folder: with `01-a.md` and `02-b.md` there, `03-ID.md`. A folder whose
 * lessons have no number gets none.
 * @param names of the folder's files
 */
export function lessonFileName(id: string, names: readonly string[]): string {
  const lessons = names.filter((name) => name.endsWith('.md') && !/^readme\.md$/i.test(name));
  const numbered = lessons.flatMap((name) => /^(\d{1,6})-/.exec(name)?.[1] ?? []);
  if (lessons.length > 0 && numbered.length === 0) return `${id}.md`;
  const width = Math.max(2, ...numbered.map((number) => number.length));
  const next = Math.max(0, ...numbered.map(Number)) + 1;
  return `${String(next).padStart(width, '0')}-${id}.md`;
}

/** A title as a YAML scalar: plain where that means the same text, else quoted. */
export function yamlText(text: string): string {
  const plain = /^[\p{L}][\p{L}\p{N} ,.&'’()/+_-]*$/u.test(text) && !/[ ]$/.test(text);
  return plain && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(text) ? text : JSON.stringify(text);
}

/** A title as a person typed it: one line, without space around it. */
export function titleFrom(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
