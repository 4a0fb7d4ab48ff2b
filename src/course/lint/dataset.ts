import { tokens } from '../../sql/lexer';
import type { ParsedStatement, SqlParser } from '../../sql/parsed';
import { statements } from '../../sql/statements';
import { parseDataset } from '../dataset';
import type { Problem, TextRange } from '../problem';
import { Lines, normalizeText } from '../text';
import { namesMadeByCode } from './madeNames';
import { problem } from './rules';
import { tokenRangeAt } from './sqlText';
import { unstableData } from './unstable';

/** What lessons need to know of a data set. */
export interface DatasetFacts {
  /** Tables and views that it makes. */
  readonly relations: ReadonlySet<string>;
  /** What code in it may make: a DO block, a function. */
  readonly madeByCode: ReadonlySet<string>;
  /** An extension or a foreign schema brings relations of which the text says nothing. */
  readonly isOpen: boolean;
  /** It was not parsed, being too long or nested too deep: nobody knows what it makes. */
  readonly isUnread: boolean;
  readonly problems: readonly Problem[];
}

/** Reads a data set's file. */
export function readDatasetFacts(source: string, parseSql: SqlParser | undefined): DatasetFacts {
  const text = normalizeText(source);
  const { sql, parameters, problems: found } = parseDataset(text);
  const problems = [...found, ...unstableData(text, new Set(parameters.map(({ line }) => line)))];
  const relations = new Set<string>();
  const place = placesIn(text, sql);
  let isOpen = false;
  let isUnread = found.length > 0;
  if (parseSql && found.length === 0) {
    const parsed = parseSql(sql);
    if (parsed.error) {
      const { start, end } = tokenRangeAt(sql, parsed.error.offset);
      problems.push(problem('sql-syntax', `PostgreSQL cannot read this: ${parsed.error.message}.`, place(start, end)));
    }
    isUnread = parsed.statements.length === 0 && statements(sql).length > 0;
    for (const statement of parsed.statements) {
      if (OPENING.has(statement.kind)) isOpen = true;
      for (const { name } of statement.creates) relations.add(name);
      const reason = refusal(statement);
      if (reason === undefined) continue;
      const [first] = tokensFrom(sql, statement.offset);
      problems.push(
        problem('dataset-statement', reason, place(first?.start ?? statement.offset, first?.end ?? statement.offset)),
      );
    }
  }
  return { relations, madeByCode: namesMadeByCode(sql), isOpen, isUnread, problems };
}

const OPENING = new Set(['CreateExtensionStmt', 'ImportForeignSchemaStmt']);

/** A data set is sent as one text, and its variant is loaded in a transaction that is rolled back. */
function refusal({ kind, flags }: ParsedStatement): string | undefined {
  if (flags.includes('vacuum'))
    return 'VACUUM cannot run in a transaction, in which data sets are loaded. ANALYZE can.';
  if (flags.includes('concurrently'))
    return 'CONCURRENTLY cannot run in a transaction, in which data sets are loaded: leave the word out.';
  if (flags.includes('copy-from-stdin'))
    return 'A data set has no standard input to COPY from: use INSERT, best from generate_series.';
  if (flags.includes('copy-file'))
    return 'COPY with a file needs that file on every student’s server: use INSERT, best from generate_series.';
  if (['CreatedbStmt', 'DropdbStmt', 'CreateTableSpaceStmt', 'DropTableSpaceStmt', 'AlterSystemStmt'].includes(kind))
    return 'A data set fills the lesson’s database only: this statement reaches beyond it.';
  return undefined;
}

function* tokensFrom(sql: string, offset: number): Generator<{ start: number; end: number }> {
  for (const token of tokens(sql.slice(offset))) {
    if (token.kind !== 'comment') yield { start: token.start + offset, end: token.end + offset };
  }
}

/** Parameters change a line's characters, not the lines: on such a line the whole of it is meant. */
function placesIn(source: string, sql: string): (start: number, end: number) => TextRange {
  const own = new Lines(source);
  const filled = new Lines(sql);
  return (start, end) => {
    const range = filled.range(start, end);
    if (range.startLine === range.endLine && filled.line(range.startLine) === own.line(range.startLine)) return range;
    return own.lineRange(Math.min(range.startLine, own.count - 1));
  };
}
