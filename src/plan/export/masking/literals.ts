/** What stands for a literal: of the same kind, so that a condition says what it said before. */

/** Numbers but 0 and 1, which tell nothing and mean a lot (LIMIT 1, > 0). */
export function maskNumber(text: string): string {
  if (text === '0' || text === '1') return text;
  return text.includes('.') ? '1.0' : '1';
}

/** A string literal as it stands in SQL, with its quotes. */
export function maskString(sql: string): string {
  const open = sql.search(/['$]/);
  const inside = sql.slice(open + 1, sql.endsWith("'") && sql.length > open + 1 ? -1 : undefined);
  return `'${sql.startsWith('$') ? 'x' : maskText(inside.replaceAll("''", "'"))}'`;
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/;
const TIME = /^\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const INTERVAL = /^-?\d+ (?:year|mon|month|week|day|hour|minute|min|second|sec)s?$/;
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** Longer arrays are shortened to it. */
const MOST_ELEMENTS = 100;

export function maskText(text: string): string {
  if (text === '' || text === '{}' || text === 't' || text === 'f' || text === 'true' || text === 'false') return text;
  if (NUMBER.test(text)) return text.startsWith('-') ? `-${maskNumber(text.slice(1))}` : maskNumber(text);
  if (DATE.test(text)) return '2000-01-01';
  if (TIMESTAMP.test(text)) return '2000-01-01 00:00:00';
  if (TIME.test(text)) return '00:00:00';
  if (INTERVAL.test(text)) return '1 day';
  if (UUID.test(text)) return '00000000-0000-0000-0000-000000000000';
  if (text.startsWith('{') && text.endsWith('}')) return maskArray(text.slice(1, -1));
  // Of a LIKE pattern, where its wildcards stand: whether an index can serve it depends on that.
  const start = /^[%_]/.exec(text)?.[0] ?? '';
  const end = text.length > 1 ? (/[%_]$/.exec(text)?.[0] ?? '') : '';
  return `${start}x${end}`;
}

/** An array or a JSON document: as many elements, each masked. */
function maskArray(inside: string): string {
  const elements = inside.split(',', MOST_ELEMENTS).map((element) => {
    const text = element.replaceAll('"', '').replaceAll('{', '').replaceAll('}', '').trim();
    return text === 'NULL' || text === '' ? text : maskScalar(text);
  });
  return `{${elements.join(',')}}`;
}

function maskScalar(text: string): string {
  if (NUMBER.test(text)) return '1';
  return DATE.test(text) ? '2000-01-01' : 'x';
}
