import type { ParsedSql, ParsedStatement, SqlParser } from '../../sql/parsed';
import { closest } from '../closest';
import type { ExerciseSource, RoleBlock } from '../exercises';
import type { LessonFile } from '../lessonFile';
import type { Problem, TextRange } from '../problem';
import type { DatasetFacts } from './dataset';
import { lintExpectations } from './expectations';
import { change, problem } from './rules';
import { blockRange, tokenRangeAt } from './sqlText';

/** A piece of SQL of the lesson, parsed, and where its parts stand in the file. */
export interface SqlPiece {
  readonly text: string;
  readonly parsed: ParsedSql;
  readonly isStarter: boolean;
  readonly range: (from: number, to: number) => TextRange;
}

/** The relations there are while a lesson is done. */
export interface KnownRelations {
  has(name: string, schema?: string): boolean;
  closest(name: string): string | undefined;
  /** "the data set “shop”" */
  readonly source: string;
}

export function lintSql(file: LessonFile, facts: DatasetFacts | undefined, parseSql: SqlParser): Problem[] {
  const { runs, sources } = file.body;
  const blocks = [...runs, ...sources.flatMap((source) => source.blocks)].filter(isSql);
  const pieces = new Map(blocks.map((block) => [block, pieceOf(block, file, parseSql)]));
  const solution = (source: ExerciseSource): ParsedSql | undefined => {
    const block = source.blocks.find(({ role }) => role === 'solution');
    return block && pieces.get(block)?.parsed;
  };
  const queries = sources.map((source) => ({ source, solution: solution(source) }));
  const known = relationsOf([...pieces.values()], file, facts);
  return [
    ...[...pieces.values()].flatMap((piece) => [...syntax(piece), ...unknownRelations(piece, known)]),
    ...queries.flatMap((each) => lintExpectations(each.source, each.solution, known, parseSql)),
  ];
}

function isSql({ language, role }: RoleBlock): boolean {
  return language.toLowerCase() === 'sql' && role !== 'hint';
}

function pieceOf({ fence, role }: RoleBlock, { lines }: LessonFile, parseSql: SqlParser): SqlPiece {
  return {
    text: fence.text,
    parsed: parseSql(fence.text),
    isStarter: role === 'starter',
    range: (from, to) => blockRange(lines, fence, from, to),
  };
}

export function syntax({ text, parsed, isStarter, range }: SqlPiece): Problem[] {
  if (!parsed.error) return [];
  const { start, end } = tokenRangeAt(text, parsed.error.offset);
  const message = `PostgreSQL cannot read this: ${parsed.error.message}.`;
  return [problem(isStarter ? 'starter-syntax' : 'sql-syntax', message, range(start, end))];
}

function relationsOf(pieces: readonly SqlPiece[], file: LessonFile, facts: DatasetFacts | undefined): KnownRelations {
  const front = file.front.value;
  const { dataset, needs } = front ?? { dataset: undefined, needs: [] };
  const made = pieces.flatMap(({ parsed }) =>
    parsed.statements.flatMap((statement: ParsedStatement) => statement.creates),
  );
  const names = new Set([...made.map(({ name }) => name), ...(facts?.relations ?? [])]);
  // an extension brings relations; what a broken data set makes, or one that broken front matter names, nobody knows
  const isOpen = facts?.isOpen === true || needs.some((need) => need.startsWith('extension:'));
  const isBlind = !front || (dataset !== undefined && (!facts || facts.isUnread));
  const near = (name: string): string | undefined => closest(name, names);
  return {
    has: (name, schema) =>
      isBlind ||
      (schema !== undefined && schema !== 'public') ||
      name.startsWith('pg_') ||
      names.has(name) ||
      facts?.madeByCode.has(name) === true ||
      (isOpen && near(name) === undefined),
    closest: near,
    source:
      dataset === undefined
        ? 'This lesson has no data set, and it'
        : `Neither the data set “${dataset}” nor this lesson`,
  };
}

export function unknownRelation(name: string, known: KnownRelations, range: TextRange): Problem {
  const near = known.closest(name);
  const advice = near === undefined ? '' : ` Did you mean “${near}”?`;
  const makes = known.source.startsWith('Neither') ? 'makes' : 'makes no';
  const message = `${known.source} ${makes} ${makes === 'makes' ? 'a' : ''} table “${name}”.${advice}`.replace(
    / {2,}/g,
    ' ',
  );
  return problem('unknown-relation', message, range, change(range, near));
}

export function unknownRelations({ text, parsed, range }: SqlPiece, known: KnownRelations): Problem[] {
  const told = new Set<string>();
  return parsed.statements.flatMap((statement) =>
    statement.relations.flatMap(({ name, schema, offset }) => {
      if (known.has(name, schema) || told.has(name)) return [];
      told.add(name);
      let { start, end } = tokenRangeAt(text, offset);
      // public.orders: the name behind the schema
      const dotted = schema === undefined ? null : /^\s*\.\s*/.exec(text.slice(end));
      if (dotted) ({ start, end } = tokenRangeAt(text, end + dotted[0].length));
      return [unknownRelation(name, known, range(start, end))];
    }),
  );
}
