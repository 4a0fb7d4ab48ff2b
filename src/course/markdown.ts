import createMarkdown, { type MarkdownIt, type Token } from 'markdown-it';

/** Raw HTML stays text: a lesson is untrusted input. */
export function markdown(): MarkdownIt {
  return createMarkdown({ html: false, linkify: true });
}

/** A heading's text without its markup. */
export function plainText(inline: Token | undefined): string {
  return (inline?.children ?? [])
    .map((child) =>
      child.type === 'text' || child.type === 'code_inline' ? child.content : child.type === 'softbreak' ? ' ' : '',
    )
    .join('');
}

/** The same of a heading's source. Most headings have no markup. */
export function plainHeading(source: string): string {
  if (!/[\\`*_[\]<>&!~|\n]|:\/\/|www\.|@|\.\w/.test(source)) return source;
  return plainText(markdown().parseInline(source, {})[0]);
}
