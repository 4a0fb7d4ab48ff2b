import type { PlanNode } from '../../model';
import { formatCount, formatRows } from '../../words';
import { sortKey } from '../conditions';
import { list, ran, wholeStake, type Facts } from '../facts';
import type { Fix, Hit, Rule } from '../finding';
import { isReal, percent } from '../worth';

const LEAST_SKIPPED = 1000;
const LEAST_FACTOR = 10;
const LEAST_SHARE = 0.05;

/** Rows computed to be skipped. A Limit reads no more than it gives, so what is more was OFFSET. */
export const largeOffset: Rule = {
  id: 'large-offset',
  title: 'Large OFFSET',
  trigger: `A Limit skipped ≥ ${formatCount(LEAST_SKIPPED)} rows, ≥ ${LEAST_FACTOR} for each row given, worth ≥ 5 % of the time.`,
  source: {
    name: 'PostgreSQL manual: LIMIT and OFFSET',
    url: 'https://www.postgresql.org/docs/current/queries-limit.html',
  },
  manual: 'queries-limit.html',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    for (const node of facts.ofKind('Limit')) {
      if (!ran(node)) continue;
      const child = facts.child(node, 'Outer');
      const [read, given] = [child?.totalRows, node.totalRows];
      if (child === undefined || read === undefined || given === undefined) continue;
      const skipped = read - given;
      const error = (child.rowsError ?? 0) + (node.rowsError ?? 0);
      if (skipped - error < LEAST_SKIPPED || skipped < LEAST_FACTOR * given) continue;
      const stake = wholeStake(child, skipped / read);
      if (!isReal(facts, stake, LEAST_SHARE)) continue;
      yield {
        node: node.id,
        message: `Computed ${formatRows(read)} and skipped ${formatCount(skipped)} of them (${percent(skipped / read)}) for OFFSET; ${formatCount(given)} were wanted.`,
        evidence: [
          { name: 'Rows read', value: formatCount(read) },
          { name: 'Rows skipped', value: formatCount(skipped) },
          { name: 'Rows given', value: formatCount(given) },
        ],
        stake,
        fixes: [keyset(facts, child, given)],
        doubt:
          'A page by key cannot jump to page 500, only go on from the last row. Where the sort has no index, all rows are sorted in any case.',
      };
    }
  },
};

function keyset(facts: Facts, child: PlanNode, given: number): Fix {
  const keys = keysOf(facts, child);
  const orders = new Set(keys?.map(({ order }) => order));
  const [order] = orders;
  const text = 'Go on from the last row of the page before instead of counting rows, with an index in that order';
  if (keys === undefined || keys.length === 0 || orders.size > 1 || (order !== '' && order !== 'DESC'))
    return {
      kind: 'rewrite',
      text: `${text}: WHERE (sort columns, id) > (those of the last row) ORDER BY sort columns, id LIMIT ….`,
    };
  const names = keys.map(({ sql }) => sql).join(', ');
  const values = keys.map((_, place) => `$${place + 1}`).join(', ');
  return {
    kind: 'rewrite',
    text: `${text}: WHERE (${names}) ${order === 'DESC' ? '<' : '>'} (${values}) ORDER BY ${keys
      .map(({ sql }) => (order === 'DESC' ? `${sql} DESC` : sql))
      .join(', ')} LIMIT ${given > 0 ? given.toFixed(0) : '…'}. The last column must make the order unique.`,
  };
}

/** Of the sort below; an index in order does not say its columns. */
function keysOf(facts: Facts, child: PlanNode): { readonly sql: string; readonly order: string }[] | undefined {
  let at: PlanNode | undefined = child;
  for (let steps = 0; at !== undefined && steps < 10; steps++) {
    const keys = list(at, 'Sort Key');
    if (keys.length > 8) return undefined;
    if (keys.length > 0) {
      const read = keys.map((key) => sortKey(key));
      return read.flatMap((key) => (key?.side.kind === 'column' ? [{ sql: key.side.sql, order: key.order }] : []))
        .length === keys.length
        ? read.flatMap((key) => (key === undefined ? [] : [{ sql: key.side.sql, order: key.order }]))
        : undefined;
    }
    at = facts.child(at, 'Outer');
  }
  return undefined;
}
