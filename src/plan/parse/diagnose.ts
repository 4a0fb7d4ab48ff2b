import { PlanParseError } from './parseError';

const STATEMENT =
  /^(?:explain|select|with|insert|update|delete|merge|values|table|create|alter|drop|begin|set|prepare|execute|declare|copy|vacuum|analyze)\b/i;
const ERROR = /^(?:psql:[^\n]{1,200}: )?(?:ERROR|FATAL|PANIC):/m;
const RUN = 'Run EXPLAIN (ANALYZE, BUFFERS) with the statement, and paste what it prints.';

/** What is wrong with a text in which no plan stands. */
export function noPlan(text: string): PlanParseError {
  const start = text.search(/\S/);
  if (start === -1)
    return new PlanParseError('The text is empty.', text, 0, 'Paste what EXPLAIN (ANALYZE, BUFFERS) printed.');
  const beginning = text.slice(start, start + 100_000);
  const error = ERROR.exec(beginning);
  if (error !== null)
    return new PlanParseError(
      'This is an error message of PostgreSQL, not a plan.',
      text,
      start + error.index,
      'Correct the statement, and explain it again.',
    );
  for (const [sentence, message, next] of SENTENCES) {
    const at = beginning.indexOf(sentence);
    if (at !== -1) return new PlanParseError(message, text, start + at, next);
  }
  const bare = beginning.replace(/^(?:(?:--[^\n]*(?:\n|$))|(?:\/\*[^]{0,5000}?\*\/)|\s)+/, '');
  if (/^explain\b/i.test(bare))
    return new PlanParseError(
      'This is the EXPLAIN statement, not its plan.',
      text,
      start,
      'Run it, and paste what it prints.',
    );
  if (STATEMENT.test(bare)) return new PlanParseError('This is the statement, not its plan.', text, start, RUN);
  const heading = text.indexOf('QUERY PLAN');
  if (heading !== -1)
    return new PlanParseError(
      'Below this heading, no plan follows.',
      text,
      heading,
      'Copy the whole plan, up to its last line.',
    );
  return new PlanParseError(
    'No EXPLAIN plan stands in this text.',
    text,
    start,
    'Paste what EXPLAIN (ANALYZE, BUFFERS) printed.',
  );
}

const SENTENCES: readonly (readonly [sentence: string, message: string, next: string])[] = [
  ['Utility statements have no plan structure', 'A utility statement has no plan.', 'Explain the query itself.'],
  [
    'Query rewrites to nothing',
    'EXPLAIN printed no plan: a rule rewrites the statement to nothing.',
    'Explain the table that the rule protects.',
  ],
];
