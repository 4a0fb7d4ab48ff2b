/** The tables of docs/integrity.md are made from the cheats that the database tests try: `BLESS=1` writes them anew. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHEATS, HONEST } from '../../database/support/cheats';

const docs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'docs', 'integrity.md');
const MARK = '<!-- made from test/database/support/cheats.ts -->';

const LONGEST = 110;

function cell(text: string): string {
  const safe = text.startsWith('`') ? text : text.replaceAll('<', '&lt;'); // code spans show it as it is
  return safe.replaceAll('|', '\\|').replaceAll('\n', ' ').trim() || '–';
}

/** SQL, shortened. */
function sql(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return '–';
  return `\`${line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map((row) => line(row.map(cell)))].join('\n');
}

function tables(): string {
  return [
    MARK,
    '## What is caught',
    'Each is tried on the embedded PostgreSQL and on a server. A note misleads no check, which therefore goes on.',
    table(
      ['what somebody does', 'for example', 'the check says'],
      CHEATS.map(({ name, run, text, says, harmless }) => [
        name,
        sql(run === '' ? (text ?? '') : run),
        `${says}${harmless === true ? ' (a note)' : ''}`,
      ]),
    ),
    '## What is fine',
    'Unusual and right: each of these passes in the same tests.',
    table(
      ['what somebody does', 'for example'],
      HONEST.map(([name, , run, text]) => [name, sql([run, text ?? ''].filter((part) => part !== '').join('; '))]),
    ),
    '',
  ].join('\n\n');
}

describe('docs/integrity.md', () => {
  it('lists what the tests try', () => {
    const written = readFileSync(docs, 'utf8');
    const prose = written.slice(0, written.indexOf(MARK));
    assert.ok(written.includes(MARK), `${MARK} is where the tables begin`);
    const wanted = `${prose}${tables().trimEnd()}\n`;
    if (process.env['BLESS']) writeFileSync(docs, wanted);
    assert.equal(readFileSync(docs, 'utf8'), wanted, 'BLESS=1 writes it anew');
  });
});
