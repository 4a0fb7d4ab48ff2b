/** A text with places to fill in. */
export type Part = string | Stop;

/** One place; stops with the same number are filled in together. */
export interface Stop {
  readonly number: number;
  readonly text: string;
}

export function stop(number: number, text: string): Stop {
  return { number, text };
}

/** A template tag: literal text with stops, and other templates, between. */
export function parts(strings: TemplateStringsArray, ...values: readonly (Part | readonly Part[])[]): Part[] {
  return strings.flatMap((text, index) => [text, ...[values[index] ?? []].flat()]);
}

/** As it reads when nothing is filled in. */
export function plainText(of: readonly Part[]): string {
  return of.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

/** In VS Code's snippet syntax: `$1` of SQL is escaped, a stop is `${1:text}`. */
export function snippetText(of: readonly Part[]): string {
  const seen = new Set<number>();
  return of
    .map((part) => {
      if (typeof part === 'string') return escaped(part);
      if (seen.has(part.number)) return `$\{${part.number}}`;
      seen.add(part.number);
      return `$\{${part.number}:${escaped(part.text)}}`;
    })
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[\\$}]/g, (character) => `\\${character}`);
}
