import type { RowDiffView, RowsDiffView } from '../../shared/protocol';
import { examplesOf, rowWord } from './lesson';

/** More of them tell nothing more. */
const MOST_ROWS = 6;

/** Rows that make the difference, as a diff: a sign, a word, and a colour. */
export function RowsDiff({ diff }: { diff: RowsDiffView }) {
  const rows = diff.rows.slice(0, MOST_ROWS);
  const examples = examplesOf(diff, rows);
  return (
    <div class="rows-diff">
      <div class="rows-diff-scroll" role="group" aria-label="Rows that differ" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <td />
              {diff.columns.map((name, index) => (
                <th key={index} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <Row key={index} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      {examples === undefined ? null : <p class="rows-diff-count dim">{examples}</p>}
    </div>
  );
}

const SIGNS = { missing: '−', extra: '+', often: '×', expected: '−', seen: '+' } as const;

function Row({ row }: { row: RowDiffView }) {
  return (
    <tr class={`row-${row.kind}`}>
      <th scope="row">
        <span class="row-sign" aria-hidden="true">
          {SIGNS[row.kind]}
        </span>{' '}
        {rowWord(row)}
      </th>
      {row.cells.map((cell, index) => (
        <td key={index} class={row.differs.includes(index) ? 'cell-differs' : ''}>
          {cell === null || cell === '' ? <span class="cell-null">{cell === null ? 'NULL' : "''"}</span> : cell}
        </td>
      ))}
    </tr>
  );
}
