import type { Reporter } from './event';

/** A line of JSON for each event. Lines and columns count from 1. */
export function jsonReporter(): Reporter {
  let course: { course: string; engine: string } | undefined;
  const line = (value: object): string => `${JSON.stringify(value)}\n`;
  return (event) => {
    switch (event.type) {
      case 'problem': {
        const { severity, code, message, range, fixes = [] } = event.problem;
        return line({
          type: 'problem',
          file: event.file,
          line: range.startLine + 1,
          column: range.startCharacter + 1,
          endLine: range.endLine + 1,
          endColumn: range.endCharacter === Number.MAX_SAFE_INTEGER ? null : range.endCharacter + 1,
          severity,
          code,
          message,
          fixes: fixes.map(({ title }) => title),
        });
      }
      case 'course':
        course = { course: event.id, engine: event.engine };
        return '';
      case 'proof': {
        const { subject, name, status, message, expected, seen, durationMs, line: at } = event.proof;
        return line({
          type: 'proof',
          ...course,
          lesson: subject.lesson,
          [subject.kind === 'exercise' ? 'exercise' : 'example']: subject.id,
          name,
          status,
          file: event.file,
          line: at + 1,
          message,
          expected,
          seen,
          ms: Math.round(durationMs),
        });
      }
      case 'end':
        return line({ type: 'summary', ...event.counts });
    }
  };
}
