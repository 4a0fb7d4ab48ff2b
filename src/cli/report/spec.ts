import { details, indented, subjectName, type Counts, type Event, type Reporter } from './event';

/** For people: a line for each proof, what is wrong below it. */
export function specReporter(): Reporter {
  return (event) => {
    switch (event.type) {
      case 'problem':
        return problemLine(event);
      case 'course':
        return `${event.title}, ${event.engine}\n`;
      case 'proof': {
        const { proof, file } = event;
        const line = `  ${MARKS[proof.status]} ${subjectName(proof)}: ${proof.name}\n`;
        if (proof.status === 'passed') return line;
        return `${line}${indented(`${file}:${proof.line + 1}: ${details(proof)}`, '      ')}\n`;
      }
      case 'end':
        return `${summary(event.counts)}\n`;
    }
  };
}

const MARKS = { passed: '✓', failed: '✗', skipped: '-' } as const;

function problemLine({ file, problem }: Extract<Event, { type: 'problem' }>): string {
  const { severity, code, message, range } = problem;
  return `${file}:${range.startLine + 1}:${range.startCharacter + 1} ${severity}: ${message} (${code})\n`;
}

/** "12 passed, 0 failed, 3 warnings"; of lint alone "1 error, 3 warnings". */
export function summary({ passed, failed, skipped, errors, warnings }: Counts): string {
  const proofs = passed + failed + skipped > 0;
  const problems = proofs ? [errors > 0 && count(errors, 'error')] : [count(errors, 'error')];
  return [
    proofs && `${passed} passed, ${failed} failed`,
    skipped > 0 && `${skipped} skipped`,
    ...problems,
    (warnings > 0 || !proofs) && count(warnings, 'warning'),
  ]
    .filter((part) => part !== false)
    .join(', ');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
