/** Examples: what a `sql run` block prints, held against the `text output` block below it. */
import type { OutputBlock, RunBlock } from '../course/lesson';
import { compareOutput, type OutputDifference } from '../course/output';
import { SqlError, type Session } from '../sql/session';
import { isExplainable, statements, type Statement } from '../sql/statements';
import { bareLines, printed, printedError } from './transcript';

export interface Ran {
  /** Of each statement, as psql prints it. */
  readonly full: readonly string[];
  /** What they say without psql's frames and command tags: rows as a table, the lines of a plan. */
  readonly short: readonly string[];
  /** The error that ended it; undefined: all statements ran. */
  readonly error: SqlError | undefined;
}

/**
 * Runs an example as a person would: statement by statement, to its end or the first error. A transaction that an
 * error leaves behind is rolled back.
 */
export async function runExample(session: Session, text: string): Promise<Ran> {
  const full: string[] = [];
  const short: string[] = [];
  for (const statement of statements(text)) {
    try {
      const result = await session.run(statement.text);
      full.push(printed(result));
      if (LINES.has(statement.keyword)) short.push(bareLines(result));
      else if (result.fields.length > 0) short.push(printed(result));
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      full.push(printedError(error));
      short.push(printedError(error));
      if (session.transaction !== 'idle') await session.run('ROLLBACK');
      return { full, short, error };
    }
  }
  return { full, short, error: undefined };
}

/** Statements whose rows are lines of text. */
const LINES = new Set(['EXPLAIN', 'SHOW']);

/**
 * Compares an example's output with what the lesson prints: all of what psql prints, or results alone, or, below a
 * query, the plan that Explain or Explain Analyze shows for it.
 * @param session where the example ran just now
 * @returns undefined when one of them agrees; else the difference to the likeliest one
 */
export async function outputDifference(
  session: Session,
  block: RunBlock,
  output: OutputBlock,
  ran: Ran,
): Promise<OutputDifference | undefined> {
  const wanted: OutputBlock = { ...output, text: withoutPosition(output.text) };
  const query = printsPlan(output.text) ? statements(block.text).findLast(isExplainable) : undefined;
  let first: OutputDifference | undefined;
  if (query && !statements(block.text).some((statement) => statement.keyword === 'EXPLAIN')) {
    for (const settings of ['', ALONE]) {
      const difference = compareOutput(wanted, await planOf(session, query, output.text, settings));
      if (!difference) return undefined;
      first = difference;
    }
  }
  for (const form of [ran.short.join('\n'), ran.short.join('\n\n'), ran.full.join('\n'), withBlankLines(ran.full)]) {
    const difference = compareOutput(wanted, form);
    if (!difference) return undefined;
    first ??= difference;
  }
  if (query) return first;
  return looksFull(output.text) ? compareOutput(wanted, ran.full.join('\n')) : first;
}

/** psql leaves a line free below each table. */
function withBlankLines(parts: readonly string[]): string {
  return parts.map((part) => (/\(\d+ rows?\)$/.test(part) ? `${part}\n` : part)).join('\n');
}

/** Command tags, or the frame around a plan. */
function looksFull(text: string): boolean {
  return /^\s*QUERY PLAN\s*$|^(?:BEGIN|COMMIT|ROLLBACK|SET|ANALYZE|CREATE [A-Z ]+|INSERT 0 \d+|UPDATE \d+|DELETE \d+)$/m.test(
    text,
  );
}

/** psql shows an error's place with a line and a caret, which say nothing that the text does not. */
function withoutPosition(text: string): string {
  return text.replace(/^LINE \d+: .*\n[ \t]*\^[ \t]*(?:\n|$)/gm, '');
}

function printsPlan(text: string): boolean {
  return /^\s*\S[^\n]*\((?:cost|actual)\b/.test(text);
}

/** How many workers a machine has, and whether it compiles, is not the lesson's; where it is, the first form agrees. */
const ALONE = 'SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off';

/** With the figures that the block has. */
async function planOf(session: Session, { text }: Statement, output: string, settings: string): Promise<string> {
  const options = [
    ...(/\(actual\b/.test(output) ? ['ANALYZE'] : []),
    `BUFFERS ${/^\s*Buffers:/m.test(output) ? 'on' : 'off'}`,
    ...(/\(cost=/.test(output) ? [] : ['COSTS off']),
  ];
  await session.run('BEGIN');
  try {
    for (const { text: setting } of statements(settings)) await session.run(setting);
    return bareLines(await session.run(`EXPLAIN (${options.join(', ')}) ${text}`));
  } finally {
    await session.run('ROLLBACK');
  }
}
