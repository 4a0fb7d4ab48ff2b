import { figureOf } from '../../raw';
import { formatCount } from '../../words';
import { ownStake, removed } from '../facts';
import type { Rule } from '../finding';
import { MEMORY_DOUBT, processFigures, workMemFix } from '../memory';

/** Memory of an exact page in the bitmap: an entry of 48 bytes and its place in the hash table (tidbitmap.c). */
const BYTES_PER_BLOCK = 64;

export const lossyBitmap: Rule = {
  id: 'lossy-bitmap',
  title: 'Bitmap too large for memory',
  trigger: 'A Bitmap Heap Scan with lossy heap blocks.',
  source: { name: 'PostgreSQL source, tidbitmap.c; pgMustard, depesz' },
  manual: 'runtime-config-resource.html#GUC-WORK-MEM',
  lesson: 'database-tuning',
  *find(facts) {
    for (const node of facts.ofKind('Bitmap Heap Scan')) {
      let [exact, lossy] = [0, 0];
      for (const figures of processFigures(node)) {
        exact += figureOf(figures, 'Exact Heap Blocks') ?? 0;
        lossy += figureOf(figures, 'Lossy Heap Blocks') ?? 0;
      }
      if (lossy === 0) continue;
      const again = removed(node, 'Rows Removed by Index Recheck');
      yield {
        node: node.id,
        message: `The bitmap remembered ${formatCount(lossy)} of ${formatCount(lossy + exact)} blocks only as a whole, so every row in them was checked again.`,
        evidence: [
          { name: 'Lossy heap blocks', value: formatCount(lossy) },
          { name: 'Exact heap blocks', value: formatCount(exact) },
          ...(again === undefined ? [] : [{ name: 'Rows removed by the recheck', value: formatCount(again.rows) }]),
        ],
        // The blocks are read either way.
        stake: withoutBlocks(ownStake(node, lossy / (lossy + exact))),
        fixes: [
          workMemFix(
            facts,
            ((exact + lossy) * BYTES_PER_BLOCK) / 1024,
            'Give the bitmap enough memory to remember each row.',
          ),
        ],
        doubt: `The same blocks are read with an exact bitmap: only checking the rows again is saved. ${MEMORY_DOUBT}`,
      };
    }
  },
};

function withoutBlocks({ ms, errorMs }: ReturnType<typeof ownStake>): ReturnType<typeof ownStake> {
  return ms === undefined ? {} : { ms, errorMs: errorMs ?? 0 };
}
