import { formatMs, formatRows } from '../../plan/words';
import type { ResultView } from '../../shared/protocol';

/** The result to look at first: what runs, else what failed, else the last with rows, else the last. */
export function firstToShow(results: readonly ResultView[]): number {
  const find = (test: (result: ResultView) => boolean): number => results.findIndex(test);
  const running = find(({ status }) => status === 'running');
  if (running >= 0) {
    return running;
  }
  const failed = find(({ status }) => status === 'error');
  if (failed >= 0) {
    return failed;
  }
  const withRows = results.findLastIndex(({ fields }) => fields.length > 0);
  return withRows >= 0 ? withRows : results.length - 1;
}

/** "1,000 rows, more exist"; "INSERT, 3 rows"; "CREATE INDEX". */
export function outcome(result: ResultView): string {
  const { command, fields, rows, rowCount, truncated } = result;
  const rowWords = truncated
    ? `${formatRows(rows.length)}, more exist`
    : rowCount === null
      ? undefined
      : formatRows(rowCount);
  const parts = fields.length > 0 && (command === undefined || command === 'SELECT') ? [rowWords] : [command, rowWords];
  return parts.filter((part) => part !== undefined).join(', ') || 'Done';
}

export function took(result: ResultView): string | undefined {
  return result.durationMs === undefined ? undefined : formatMs(result.durationMs);
}
