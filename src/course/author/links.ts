import type { Block, Span } from './blocks';

/** A relative markdown link: where its path and its `#fragment` stand. */
export interface Link {
  /** As written, without the fragment; empty for a place in the same file. */
  readonly path: string;
  readonly fragment: string;
  readonly fragmentSpan: Span;
}

const INLINE = /\]\(\s*<?([^\s()<>#]*)#([^\s()<>]+?)>?(?:\s+"[^"\n]*")?\s*\)/g;
const REFERENCE = /^ {0,3}\[[^\]\n]+\]:[ \t]*<?([^\s<>#]*)#([^\s<>]+?)>?[ \t]*$/gm;

/** Relative links with a fragment, in prose and in hints; those in code are none. */
export function fragmentLinks(source: string, blocks: readonly Block[]): Link[] {
  const found: Link[] = [];
  for (const pattern of [INLINE, REFERENCE])
    for (const match of source.matchAll(pattern)) {
      const [whole, path = '', fragment = ''] = match;
      if (/^[a-z][a-z0-9+.-]*:/i.test(path)) continue;
      const inside = blocks.find(({ content }) => match.index >= content.start && match.index < content.end);
      if (inside && inside.role?.role !== 'hint') continue;
      const start = match.index + whole.indexOf('#', whole.indexOf(path)) + 1;
      found.push({ path, fragment, fragmentSpan: { start, end: start + fragment.length } });
    }
  return found.sort((a, b) => a.fragmentSpan.start - b.fragmentSpan.start);
}

/** The file that a link in another leads to, below the course's folder; `undefined` when it leads out of it. */
export function linkedFile(from: string, path: string): string | undefined {
  if (path === '') return from;
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const parts = decoded.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const part of decoded.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return undefined;
      parts.pop();
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
