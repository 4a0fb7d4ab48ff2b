import type { Cell, Field } from '../../sql/session';

/** pg_type OIDs of int8, int2, int4, oid, float4, float8, numeric. */
const NUMBERS = new Set([20, 21, 23, 26, 700, 701, 1700]);

export function isNumber(field: Field): boolean {
  return NUMBERS.has(field.type);
}

/** Rows that are looked at; enough for what a person sees first. */
const SAMPLE = 200;
const NARROWEST = 5;
const WIDEST = 44;
/** Of a column that stands alone, such as EXPLAIN's. */
const WIDEST_ALONE = 400;

/** A width for each column in characters, so that its name and most of its values fit. */
export function widthsInCharacters(fields: readonly Field[], rows: readonly (readonly Cell[])[]): readonly number[] {
  const sample = rows.slice(0, SAMPLE);
  const most = fields.length === 1 ? WIDEST_ALONE : WIDEST;
  return fields.map((field, column) => {
    let widest = Math.max(NARROWEST, charactersOf(field.name, most));
    for (const row of sample) {
      widest = Math.max(widest, charactersOf(row[column] ?? 'NULL', most));
      if (widest >= most) {
        return most;
      }
    }
    return widest;
  });
}

/** East Asian wide characters and emoji take two. Counts no further than needed. */
function charactersOf(text: string, most: number): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    width += (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xffdc) || code > 0x1f300 ? 2 : 1;
    if (width >= most) {
      return most;
    }
  }
  return width;
}

/** A value on one line, no longer than a cell can show. */
export function oneLine(value: string): string {
  return value
    .slice(0, 400)
    .replace(/\r\n|\r|\n/g, '⏎')
    .replaceAll('\t', '⇥');
}
