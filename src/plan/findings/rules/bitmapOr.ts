import { formatCount } from '../../words';
import { columnTerms } from '../conditions';
import { text, wholeStake } from '../facts';
import type { Rule } from '../finding';

export const bitmapOr: Rule = {
  id: 'bitmap-or',
  title: 'OR combines several index scans',
  trigger:
    'A BitmapOr that takes at least a quarter of the time (or, without times, of the blocks) of its Bitmap Heap Scan.',
  source: { name: 'PostgreSQL manual, Combining Multiple Indexes; pgMustard' },
  manual: 'indexes-bitmap-scans.html',
  lesson: 'index-tuning',
  *find(facts) {
    for (const node of facts.ofKind('BitmapOr')) {
      const heap = facts.parent(node);
      if (heap?.kind !== 'Bitmap Heap Scan') continue;
      const [own, all] = [wholeStake(node), wholeStake(heap)];
      const isMuch = (part: number | undefined, whole: number | undefined): boolean =>
        part !== undefined && whole !== undefined && part > 0 && part * 4 >= whole;
      if (!(own.ms === undefined ? isMuch(own.blocks, all.blocks) : isMuch(own.ms, all.ms))) continue;
      const scans = facts.children(node);
      const terms = scans.map((scan) => columnTerms(heap, text(scan, 'Index Cond')));
      const names = new Set(terms.map((arm) => (arm.length === 1 && arm[0]?.operator === '=' ? arm[0].column : '')));
      const [column = ''] = names;
      yield {
        node: node.id,
        message: `Searched ${formatCount(scans.length)} times in indexes of ${heap.relation ?? 'the table'}, once for each side of OR, before the first row was read.`,
        evidence: scans.slice(0, 10).map((scan) => ({
          name: scan.index ?? scan.type,
          value: text(scan, 'Index Cond') ?? '',
        })),
        stake: own,
        fixes: [
          names.size === 1 && column !== ''
            ? { kind: 'rewrite', text: `Write ${column} IN (…) instead of OR: one search of the index.` }
            : {
                kind: 'rewrite',
                text: 'Write the sides as queries of their own and join them with UNION ALL (rows that match both come twice; UNION removes them), so that each uses its index in order and can stop at a LIMIT.',
              },
        ],
        doubt: 'Combining bitmaps is often the best plan for OR: it reads each block of the table once.',
      };
    }
  },
};
