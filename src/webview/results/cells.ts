/** The selected cell, moved by keys as in the ARIA grid pattern. */

export interface CellAt {
  readonly row: number;
  readonly column: number;
}

export interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Rows that PageUp and PageDown move by. */
  readonly page: number;
}

/** Where `key` leads from `at`; `undefined` if the key does not move. */
export function moveCell(at: CellAt, key: string, control: boolean, extent: Extent): CellAt | undefined {
  const lastRow = extent.rows - 1;
  const lastColumn = extent.columns - 1;
  const to = (row: number, column: number): CellAt => ({
    row: Math.max(0, Math.min(row, lastRow)),
    column: Math.max(0, Math.min(column, lastColumn)),
  });
  switch (key) {
    case 'ArrowUp':
      return to(control ? 0 : at.row - 1, at.column);
    case 'ArrowDown':
      return to(control ? lastRow : at.row + 1, at.column);
    case 'ArrowLeft':
      return to(at.row, control ? 0 : at.column - 1);
    case 'ArrowRight':
      return to(at.row, control ? lastColumn : at.column + 1);
    case 'PageUp':
      return to(at.row - extent.page, at.column);
    case 'PageDown':
      return to(at.row + extent.page, at.column);
    case 'Home':
      return to(control ? 0 : at.row, 0);
    case 'End':
      return to(control ? lastRow : at.row, lastColumn);
    default:
      return undefined;
  }
}
