import { fingerprint } from './hash';
import { isQuery, statements, type Statement } from '../sql/statements';

/** What a student's file says. */
export interface Attempt {
  readonly text: string;
  /** The last statement that asks for rows. */
  readonly query: Statement | undefined;
  /** Behind `-- answer:`; undefined when there is none or it is empty. */
  readonly answer: string | undefined;
  /** Offset of the `-- answer:` line, where there is one. */
  readonly answerAt: number | undefined;
}

export function readAttempt(text: string): Attempt {
  const line = /^[ \t]*--[ \t]*answer:[ \t]*(.*)$/im.exec(text);
  const answer = line?.[1]?.trim();
  return {
    text,
    query: statements(text).findLast(isQuery),
    answer: answer === '' ? undefined : answer,
    answerAt: line?.index,
  };
}

/** What tells that a file changed since its verdict: everything but white space at line ends. */
export function textFingerprint(text: string): string {
  return fingerprint(text.replace(/[ \t]*\r?\n/g, '\n').trimEnd());
}
