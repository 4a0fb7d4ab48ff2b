import { statements } from '../sql/statements';

/** How many statements of `other` stand in `text` too, names of indexes and white space aside; comments do not count. */
export function sharedStatements(text: string, other: string): number {
  const mine = new Set(statements(text).map((statement) => normal(statement.text)));
  return statements(other).filter((statement) => mine.has(normal(statement.text))).length;
}

function normal(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .toLowerCase()
    .replace(/^(create (?:unique )?index)(?: concurrently)?(?: if not exists)?(?: (?!on )\S+)? on /, '$1 on ')
    .replace(/ using btree /, ' ');
}
