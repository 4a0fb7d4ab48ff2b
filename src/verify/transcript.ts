/** What psql prints for a statement, in its default (aligned) format. */
import type { Result, SqlError } from '../sql/session';

/** OIDs of pg_type whose values psql puts to the right (column_type_alignment of its print.c). */
const NUMERIC = new Set([20, 21, 23, 26, 28, 29, 700, 701, 790, 1700, 5069]);

/** `CREATE TABLE` and the like print their command tag; queries a table with "(n rows)" below. */
export function printed(result: Result): string {
  if (result.fields.length > 0) return table(result);
  return tag(result);
}

/** EXPLAIN and SHOW with no frame: the lines alone. */
export function bareLines(result: Result): string {
  return result.rows.map((row) => row.map((cell) => cell ?? '').join(' | ')).join('\n');
}

export function printedError(error: SqlError): string {
  const lines = [`${error.severity}:  ${error.message}`];
  if (error.detail !== undefined) lines.push(`DETAIL:  ${error.detail}`);
  if (error.hint !== undefined) lines.push(`HINT:  ${error.hint}`);
  if (error.where !== undefined) lines.push(`CONTEXT:  ${error.where}`);
  return lines.join('\n');
}

/** A session gives the tag's words only: INSERT's has an OID of 0 before its count. */
function tag({ command, rowCount }: Result): string {
  if (rowCount === null) return command;
  return command === 'INSERT' ? `INSERT 0 ${rowCount}` : `${command} ${rowCount}`;
}

function table({ fields, rows }: Result): string {
  const cells = rows.map((row) => fields.map((_, column) => (row[column] ?? '').split('\n')));
  const headers = fields.map((field) => field.name);
  const widths = fields.map((_, column) =>
    Math.max(width(headers[column] ?? ''), ...cells.flatMap((row) => (row[column] ?? []).map(width))),
  );
  const last = fields.length - 1;
  const lines = [
    headers.map((name, column) => ` ${centered(name, widths[column] ?? 0)} `).join('|'),
    widths.map((each) => '-'.repeat(each + 2)).join('+'),
  ];
  for (const row of cells) {
    const height = Math.max(1, ...row.map((cell) => cell.length));
    for (let line = 0; line < height; line++) {
      const parts = row.map((cell, column) => {
        const text = cell[line] ?? '';
        const space = ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(text)));
        const right = NUMERIC.has(fields[column]?.type ?? 0);
        const mark = line < cell.length - 1 ? '+' : ' ';
        return ` ${right ? space + text : text + space}${mark}`;
      });
      lines.push(parts.join('|'));
    }
  }
  lines.push(`(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`);
  // psql does not fill up the last column; nothing here depends on what stands at a line's end
  return last < 0 ? lines.slice(1).join('\n') : lines.map((line) => line.trimEnd()).join('\n');
}

function centered(text: string, to: number): string {
  const space = Math.max(0, to - width(text));
  const left = Math.floor(space / 2);
  return ' '.repeat(left) + text + ' '.repeat(space - left);
}

/** Columns on a terminal: two for the wide characters of East Asia and for emoji, none for marks that combine. */
function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) {
    if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character)) continue;
    columns += WIDE.test(character) ? 2 : 1;
  }
  return columns;
}

const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;
