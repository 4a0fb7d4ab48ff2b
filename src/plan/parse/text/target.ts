import type { Properties } from './draft';

/** What stands after " on ": "schema.relation alias", "idx", "*VALUES*"; explain.c, ExplainTargetRel. */
export function putTarget(properties: Properties, kind: string, text: string): void {
  const names = isPlain(text) ? undefined : identifiers(text);
  const schema = names?.schema;
  const first = names === undefined ? text : (names.words[0] ?? '');
  const second = names?.words[1];
  switch (kind) {
    // The most frequent, and by name: a lookup by a variable costs several times as much.
    case 'Seq Scan':
    case 'Index Scan':
    case 'Index Only Scan':
      properties['Relation Name'] = first;
      if (schema !== undefined) properties['Schema'] = schema;
      properties['Alias'] = second ?? first;
      return;
    case 'Bitmap Index Scan':
      properties['Index Name'] = first;
      return;
    case 'Values Scan':
    case 'Subquery Scan':
      properties['Alias'] = first;
      return;
    default:
      properties[TAGS[kind] ?? 'Relation Name'] = first;
      if (schema !== undefined) properties['Schema'] = schema;
      // Left out where it is the name.
      properties['Alias'] = second ?? first;
  }
}

const TAGS: Readonly<Record<string, string>> = {
  'Function Scan': 'Function Name',
  'Table Function Scan': 'Table Function Name',
  'CTE Scan': 'CTE Name',
  'WorkTable Scan': 'CTE Name',
  'Named Tuplestore Scan': 'Tuplestore Name',
};

const IDENTIFIER = /(?:"((?:[^"]|"")*)"?|([^\s".]+))(\.)?/y;

/** Words of `quote_identifier`, unquoted; the first of "schema.relation" apart. */
function identifiers(text: string): { readonly schema: string | undefined; readonly words: readonly string[] } {
  const words: string[] = [];
  let schema: string | undefined;
  let at = 0;
  while (at < text.length && words.length < 2) {
    while (text.charCodeAt(at) === 0x20) at++;
    IDENTIFIER.lastIndex = at;
    const match = IDENTIFIER.exec(text);
    if (match === null) break;
    at = IDENTIFIER.lastIndex;
    const name = match[1]?.replaceAll('""', '"') ?? match[2] ?? '';
    if (match[3] !== undefined && words.length === 0 && schema === undefined) schema = name;
    else words.push(name);
  }
  return { schema, words };
}

/** One name: lower-case letters, digits and underscores. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if ((character < 0x61 || character > 0x7a) && (character < 0x30 || character > 0x39) && character !== 0x5f)
      return false;
  }
  return text !== '';
}

/** Past the identifier at `at`. */
export function identifierEnd(text: string, at: number): number {
  if (text[at] !== '"') {
    const space = text.indexOf(' ', at);
    return space === -1 ? text.length : space;
  }
  let end = at;
  do {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
  } while (text[++end] === '"');
  return end;
}

export function unquoted(identifier: string): string {
  return identifier.startsWith('"') ? identifier.slice(1).replace(/"$/, '').replaceAll('""', '"') : identifier;
}
