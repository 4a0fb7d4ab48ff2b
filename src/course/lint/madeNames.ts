/** Relations that code in strings makes, as far as its text tells: a parser sees no further than the quotes. */
import { tokens } from '../../sql/lexer';
import { statements } from '../../sql/statements';

/**
 * Names that a DO block, a function or what is given to one may make. Comments do not count, nor do the words of code
 * that are no names of new relations: a loop’s variable is no table.
 * @returns lower case, unless quoted
 */
export function namesMadeByCode(sql: string): Set<string> {
  const names = new Set<string>();
  for (const { text, keyword } of statements(sql)) {
    const isCall = keyword === 'SELECT' || keyword === 'CALL';
    const isCode = keyword === 'DO' || /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\b/i.test(text);
    if (!isCall && !isCode) continue;
    for (const { kind, start, end } of tokens(text)) {
      if (kind !== 'string') continue;
      const body = contentOf(text.slice(start, end));
      if (isCall) addWords(body, names, 0);
      else addCode(body, names);
    }
  }
  return names;
}

/** CREATE TABLE and its like by its name; where there is EXECUTE, all that the body's strings say. */
function addCode(body: string, names: Set<string>): void {
  const parts = [...tokens(body)].filter(({ kind }) => kind !== 'comment');
  const words = parts.map(({ start, end }) => body.slice(start, end));
  const keywords = parts.map(({ kind }, at) => (kind === 'word' ? (words[at] ?? '').toLowerCase() : ''));
  const isDynamic = keywords.includes('execute');
  for (const [at, { kind }] of parts.entries()) {
    if (kind === 'string' && isDynamic) addWords(contentOf(words[at] ?? ''), names, 0);
    const isRenamed = keywords[at] === 'to' && keywords.slice(Math.max(0, at - 3), at).includes('rename');
    if (!isRenamed && !['table', 'view', 'sequence'].includes(keywords[at] ?? '')) continue;
    let name = at + 1;
    if (keywords[name] === 'if') name += keywords[name + 1] === 'not' ? 3 : 2;
    if (words[name + 1] === '.') name += 2;
    const written = words[name] ?? '';
    if (written.startsWith('"')) names.add(written.slice(1, -1).replaceAll('""', '"'));
    else names.add(written.toLowerCase());
  }
}

/** Every word of a string, and of the strings in it. */
function addWords(text: string, names: Set<string>, depth: number): void {
  for (const { kind, start, end } of tokens(text)) {
    const part = text.slice(start, end);
    if (kind === 'word') names.add(part.toLowerCase());
    else if (kind === 'identifier') names.add(part.slice(1, -1).replaceAll('""', '"'));
    else if (kind === 'string' && depth < 3) addWords(contentOf(part), names, depth + 1);
  }
}

/** What stands in a string's quotes. */
function contentOf(string: string): string {
  const [tag] = /^\$[^$]*\$/.exec(string) ?? [];
  if (tag !== undefined) return string.slice(tag.length, string.endsWith(tag) ? -tag.length : undefined);
  return string.slice(string.indexOf("'") + 1, -1).replaceAll("''", "'");
}
