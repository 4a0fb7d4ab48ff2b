import { tokens, type Token } from '../../sql/lexer';

/** A column of a CREATE TABLE. */
export interface Column {
  readonly name: string;
  /** As written, shortened to its words; empty in a view. */
  readonly type: string;
}

/** A table or view that a data set creates. */
export interface Relation {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'materialized view';
  /** Empty for `CREATE TABLE … AS`. */
  readonly columns: readonly Column[];
  /** UTF-16 offsets of its name in the data set. */
  readonly start: number;
  readonly end: number;
}

/** What begins an element of CREATE TABLE's list that is no column (manual: CREATE TABLE, table_constraint, LIKE). */
const NO_COLUMN = new Set(['constraint', 'primary', 'unique', 'check', 'foreign', 'exclude', 'like']);

/** What ends a column's type. */
const AFTER_TYPE = new Set([
  ...['not', 'null', 'default', 'primary', 'unique', 'references', 'check', 'generated', 'constraint', 'collate'],
  ...['storage', 'compression', 'deferrable', 'initially'],
]);

/** Longer data sets are read no further. */
const MOST = 2_000_000;

/** The tables and views that a text creates, by its tokens: it need not parse. The last one of a name counts. */
export function relationsOf(sql: string): Relation[] {
  const found = new Map<string, Relation>();
  const list = [...tokens(sql.slice(0, MOST))].filter((token) => token.kind !== 'comment');
  const word = (at: number): string => {
    const token = list[at];
    return token?.kind === 'word' ? sql.slice(token.start, token.end).toLowerCase() : '';
  };
  const is = (at: number, text: string): boolean => {
    const token = list[at];
    return token !== undefined && sql.slice(token.start, token.end) === text;
  };
  for (let at = 0; at < list.length; at++) {
    if (word(at) !== 'create') continue;
    let next = at + 1;
    while (
      ['or', 'replace', 'global', 'local', 'temp', 'temporary', 'unlogged', 'foreign', 'recursive'].includes(word(next))
    )
      next++;
    let kind: Relation['kind'] = 'table';
    if (word(next) === 'materialized') {
      kind = 'materialized view';
      next++;
    } else if (word(next) === 'view') kind = 'view';
    if (word(next) !== (kind === 'table' ? 'table' : 'view')) continue;
    next++;
    if (word(next) === 'if') next += 3;
    // the last part of schema.table
    while (is(next + 1, '.')) next += 2;
    const token = list[next];
    if (token?.kind !== 'word' && token?.kind !== 'identifier') continue;
    const name = identifier(sql, token);
    const columns = is(next + 1, '(') ? columnsOf(sql, list, next + 2, kind === 'table') : [];
    found.delete(name);
    found.set(name, { name, kind, columns, start: token.start, end: token.end });
    at = next;
  }
  return [...found.values()];
}

function columnsOf(sql: string, list: readonly Token[], from: number, typed: boolean): Column[] {
  const columns: Column[] = [];
  let depth = 0;
  let element: Token[] = [];
  const finish = (): void => {
    const [first, ...rest] = element;
    element = [];
    if (first?.kind !== 'word' && first?.kind !== 'identifier') return;
    if (first.kind === 'word' && NO_COLUMN.has(sql.slice(first.start, first.end).toLowerCase())) return;
    const stop = rest.findIndex((token) => AFTER_TYPE.has(sql.slice(token.start, token.end).toLowerCase()));
    const type = stop < 0 ? rest : rest.slice(0, stop);
    const [start, end] = [type[0], type.at(-1)];
    columns.push({
      name: identifier(sql, first),
      type: typed && start && end ? sql.slice(start.start, end.end).replace(/\s+/g, ' ') : '',
    });
  };
  for (const token of list.slice(from)) {
    const text = sql.slice(token.start, token.end);
    if (text === ';') break;
    if (depth === 0 && (text === ',' || text === ')')) {
      finish();
      if (text === ')') return columns;
      continue;
    }
    if (text === '(') depth++;
    else if (text === ')') depth--;
    element.push(token);
  }
  finish();
  return columns;
}

/** A name as the catalog has it: folded unless quoted. */
function identifier(sql: string, token: Token): string {
  const text = sql.slice(token.start, token.end);
  return token.kind === 'identifier' ? text.replace(/^(?:[uU]&)?"|"$/g, '').replaceAll('""', '"') : text.toLowerCase();
}
