import path from 'node:path';
import { details, subjectName, type Reporter } from './event';
import { summary } from './spec';

/** GitHub's workflow commands: each problem and each failed proof at its line of the pull request. */
export function githubReporter(root = process.env['GITHUB_WORKSPACE'] ?? process.cwd()): Reporter {
  let engine = '';
  const place = (file: string): string => path.relative(root, path.resolve(file)).split(path.sep).join('/');
  return (event) => {
    switch (event.type) {
      case 'problem': {
        const { severity, code, message, range } = event.problem;
        const wide = range.endCharacter === Number.MAX_SAFE_INTEGER || range.endLine !== range.startLine;
        return command(severity, message, {
          file: place(event.file),
          line: range.startLine + 1,
          endLine: range.endLine + 1,
          ...(!wide && { col: range.startCharacter + 1, endColumn: range.endCharacter + 1 }),
          title: code,
        });
      }
      case 'course':
        engine = event.engine;
        return `${event.title}, ${engine}\n`;
      case 'proof': {
        const { proof } = event;
        if (proof.status === 'passed') return '';
        return command(proof.status === 'failed' ? 'error' : 'notice', details(proof), {
          file: place(event.file),
          line: proof.line + 1,
          title: `${subjectName(proof)}: ${proof.name} (${engine})`,
        });
      }
      case 'end':
        return `${summary(event.counts)}\n`;
    }
  };
}

/** Escaped as actions/toolkit's core does. */
function command(name: string, message: string, properties: Readonly<Record<string, string | number>>): string {
  const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${data(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${name} ${list.join(',')}::${data(message)}\n`;
}
