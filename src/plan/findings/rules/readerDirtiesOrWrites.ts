import type { PlanNode } from '../../model';
import { formatBlocks, formatCount, nodeTitle } from '../../words';
import type { Fix, Hit, Rule } from '../finding';
import { tableName } from '../names';
import { writes } from '../worth';

const LEAST_BLOCKS = 100;
const LEAST_PART = 0.01;

/** A SELECT that changes pages: it sets hint bits and prunes dead rows, or makes room for its reads by writing others' pages. */
export const readerDirtiesOrWrites: Rule = {
  id: 'reader-dirties-or-writes',
  title: 'A query that only reads wrote blocks',
  trigger: `A statement that changes no row dirtied or wrote ≥ ${LEAST_BLOCKS} shared blocks, ≥ 1 % of those it touched.`,
  source: { name: 'PostgreSQL wiki: hint bits', url: 'https://wiki.postgresql.org/wiki/Hint_Bits' },
  manual: 'routine-vacuuming.html',
  lesson: 'database-tuning',
  *find({ nodes }): Iterable<Hit> {
    let [dirtied, written, touched] = [0, 0, 0];
    let most: PlanNode | undefined;
    let largest = 0;
    for (const node of nodes) {
      if (writes(node)) return;
      const own = node.exclusiveBuffers;
      if (own === undefined) continue;
      dirtied += own.sharedDirtied;
      written += own.sharedWritten;
      touched += own.sharedHit + own.sharedRead;
      if (own.sharedDirtied + own.sharedWritten <= largest) continue;
      largest = own.sharedDirtied + own.sharedWritten;
      most = node;
    }
    const changed = Math.max(dirtied, written);
    if (most === undefined || changed < LEAST_BLOCKS || changed < LEAST_PART * touched) return;
    yield {
      node: most.id,
      message: `Reading alone ${[
        ...(dirtied > 0 ? [`changed ${formatCount(dirtied)} blocks (${formatBlocks(dirtied)})`] : []),
        ...(written > 0
          ? [`wrote ${formatCount(written)}${dirtied > 0 ? '' : ' blocks'} (${formatBlocks(written)})`]
          : []),
      ].join(' and ')}, most in ${nodeTitle(most)}.`,
      evidence: [
        { name: 'Shared blocks dirtied', value: formatCount(dirtied) },
        { name: 'Shared blocks written', value: formatCount(written) },
        { name: 'Shared blocks touched', value: formatCount(touched) },
      ],
      stake: { blocks: changed },
      fixes: fixesOf(most, dirtied, written),
      doubt:
        dirtied > 0
          ? 'The first reader of new rows marks them as committed, once: a second run writes nothing. A function that the query calls may change rows, too.'
          : 'Another session may have just changed these blocks: a second run may write nothing.',
    };
  },
};

function fixesOf(node: PlanNode, dirtied: number, written: number): Fix[] {
  return [
    ...(dirtied > 0
      ? [
          {
            kind: 'maintenance',
            text: 'Let VACUUM mark and clean the rows after a bulk load, instead of the first reader; if it recurs, autovacuum comes too seldom.',
            ...(node.relation === undefined ? {} : { sql: `VACUUM (ANALYZE) ${tableName(node)};` }),
          } as const,
        ]
      : []),
    ...(written > 0
      ? [
          {
            kind: 'setting',
            text: 'It had to write dirty blocks to make room: raise shared_buffers, or let the background writer go ahead (bgwriter_lru_maxpages, bgwriter_delay).',
          } as const,
        ]
      : []),
  ];
}
