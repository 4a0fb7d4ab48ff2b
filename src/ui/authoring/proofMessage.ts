import { l10n, Location, Position, TestMessage, workspace, type TestItem } from 'vscode';
import type { Proof } from '../../verify/proof';

/** Characters: an expected and a seen value that need no diff to be compared. */
const SHORT = 60;

/** What failed, at its line. */
export function messageOf(proof: Proof, { uri }: TestItem): TestMessage {
  const { subject, message, expected, seen, line, name } = proof;
  const text = message ?? l10n.t('Not so: {0}.', name);
  // beside the line VS Code writes a difference as “seen != expected”: of short values the sentence says more, but
  // of an output it says only that there is one
  const isDiff =
    expected !== undefined && seen !== undefined && (subject.kind === 'output' || (expected + seen).length > SHORT);
  const shown = isDiff ? TestMessage.diff(text, expected, seen) : new TestMessage(text);
  if (uri) shown.location = new Location(uri, new Position(line, 0));
  return shown;
}

const MARKS = { passed: '✓', failed: '✗', skipped: '○' } as const;

/** For the run's output, as the command line prints it: the proof, and what is wrong with it. */
export function outputOf(proof: Proof, parent: TestItem): string {
  const { name, status, message, expected, seen, line, durationMs } = proof;
  const lines = [`${MARKS[status]} ${parent.label}: ${name} (${Math.round(durationMs)} ms)`];
  if (status !== 'passed') {
    const place = parent.uri ? `${workspace.asRelativePath(parent.uri)}:${line + 1}: ` : '';
    lines.push(indented(`${place}${message ?? l10n.t('Not so: {0}.', name)}`, 4));
    if (expected !== undefined && seen !== undefined)
      lines.push(
        indented(l10n.t('expected:'), 4),
        indented(expected, 6),
        indented(l10n.t('seen:'), 4),
        indented(seen, 6),
      );
  }
  // the output is a terminal's
  return `${lines.join('\n').replace(/\r?\n/g, '\r\n')}\r\n`;
}

function indented(text: string, by: number): string {
  return text.trimEnd().replace(/^(?=.)/gm, ' '.repeat(by));
}
