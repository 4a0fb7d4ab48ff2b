import type { Cell, Field } from '../../sql/session';

/**
 * RFC 4180, with the names first. As COPY … CSV does, NULL is nothing and an empty text is "", so that both
 * can be told apart.
 */
export function toCsv(fields: readonly Field[], rows: readonly (readonly Cell[])[]): string {
  const lines = [fields.map((field) => quoted(field.name)), ...rows.map((row) => row.map(quoted))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function quoted(value: Cell): string {
  if (value === null) {
    return '';
  }
  return value === '' || /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
