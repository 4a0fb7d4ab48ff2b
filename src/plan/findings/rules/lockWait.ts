import type { PlanNode } from '../../model';
import { formatCount, formatMs, formatRows, nodeTitle } from '../../words';
import { blocksOf, ownStake, ran, type Facts } from '../facts';
import type { Hit, Rule } from '../finding';
import { isReal, percent } from '../worth';

const LEAST_SHARE = 0.5;
const LEAST_MS = 50;
/** More than a block from a slow disk and a row with its WAL, indexes and constraints take. */
const MS_OF_BLOCK = 0.5;
const MS_OF_ROW = 0.1;
/** What of the time blocks and rows may explain. */
const MOST_EXPLAINED = 0.1;

/** Time that the rows and blocks of a writing node do not explain. */
export const lockWait: Rule = {
  id: 'lock-wait',
  title: 'Probably waited for a lock',
  trigger:
    'INSERT, UPDATE, DELETE, MERGE or a row lock took ≥ 50 ms and ≥ 50 % of the time alone; its own blocks (at 0.5 ms) and rows (at 0.1 ms) explain less than a tenth of it.',
  source: {
    name: 'PostgreSQL manual: row-level locks',
    url: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS',
  },
  manual: 'explicit-locking.html#LOCKING-ROWS',
  lesson: 'database-tuning',
  *find(facts): Iterable<Hit> {
    for (const node of facts.ofKind('ModifyTable', 'LockRows')) {
      const { exclusiveMs, exclusiveBuffers } = node;
      if (exclusiveMs === undefined || exclusiveMs < LEAST_MS || exclusiveBuffers === undefined || !ran(node)) continue;
      const stake = ownStake(node);
      if (!isReal(facts, stake, LEAST_SHARE)) continue;
      const rows = rowsOf(facts, node);
      const blocks = blocksOf(exclusiveBuffers);
      const io = ioMs(node);
      const explained = Math.max(io, blocks * MS_OF_BLOCK) + rows * MS_OF_ROW;
      if (explained > MOST_EXPLAINED * exclusiveMs) continue;
      yield {
        node: node.id,
        message: `${nodeTitle(node)} took ${formatMs(exclusiveMs)} of its own for ${formatRows(rows)} and ${formatCount(blocks)} blocks: ${percent(1 - explained / exclusiveMs)} of that is neither reading nor computing, so it most likely waited for another session’s lock.`,
        evidence: [
          { name: 'Own time', value: formatMs(exclusiveMs) },
          { name: 'Own blocks', value: formatCount(blocks) },
          { name: 'Rows', value: formatCount(rows) },
          ...(io > 0 ? [{ name: 'I/O', value: formatMs(io) }] : []),
        ],
        stake,
        fixes: [
          {
            kind: 'setting',
            text: 'Let the log name who waits for whom (after deadlock_timeout, 1 s).',
            sql: 'ALTER SYSTEM SET log_lock_waits = on;\nSELECT pg_reload_conf();',
          },
          {
            kind: 'maintenance',
            text: 'While it hangs, ask from another session who holds the lock.',
            sql: 'SELECT pid, pg_blocking_pids(pid), state, query FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0;',
          },
          node.kind === 'LockRows'
            ? {
                kind: 'rewrite',
                text: 'Workers that take jobs from a queue: FOR UPDATE SKIP LOCKED passes by the rows of others.',
              }
            : {
                kind: 'design',
                text: 'Hold locks for less time: short transactions, the contended row last, rows always in the same order.',
              },
        ],
        doubt:
          'A BEFORE trigger, a slow function or a synchronous wait takes time without blocks too. Run it again alone: a lock wait is gone.',
      };
    }
  },
};

/** What it worked on: without RETURNING a ModifyTable gives no rows, its children do. */
function rowsOf(facts: Facts, node: PlanNode): number {
  let rows = 0;
  for (const child of facts.children(node)) if (child.relationship !== 'InitPlan') rows += child.totalRows ?? 0;
  return Math.max(rows, node.totalRows ?? 0);
}

function ioMs({ exclusiveIo: io }: PlanNode): number {
  return io === undefined ? 0 : io.sharedReadMs + io.sharedWriteMs + io.localReadMs + io.localWriteMs;
}
