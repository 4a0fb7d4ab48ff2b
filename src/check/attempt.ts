import { fingerprint } from './hash';
import { isQuery, statements, type Statement } from '../sql/statements';

/** What a student's file says. */
export interface Attempt {
  readonly text: string;
  /** The last statement that asks for rows. */
  readonly query: Statement | undefined;
  /** Behind `-- answer:`; undefined when there is none or it is empty. */
  readonly answer: string | undefined;
  /** Behind `-- answer LABEL:`, under its label in lower case; empty ones are left out. */
  readonly labelled: ReadonlyMap<string, string>;
  /** Offset of the first answer's line, where there is one. */
  readonly answerAt: number | undefined;
}

const ANSWER = /^[ \t]*--[ \t]*answer(?:[ \t]+([a-z0-9-]+))?[ \t]*:[ \t]*(.*)$/gim;

export function readAttempt(text: string): Attempt {
  const lines = [...text.matchAll(ANSWER)];
  const labelled = new Map<string, string>();
  for (const [, label, written = ''] of lines) {
    const answer = written.trim();
    const key = (label ?? '').toLowerCase();
    if (answer !== '' && !labelled.has(key)) labelled.set(key, answer);
  }
  const answer = labelled.get('');
  labelled.delete('');
  return { text, query: statements(text).findLast(isQuery), answer, labelled, answerAt: lines[0]?.index };
}

/** What tells that a file changed since its verdict: everything but white space at line ends. */
export function textFingerprint(text: string): string {
  return fingerprint(text.replace(/[ \t]*\r?\n/g, '\n').trimEnd());
}
