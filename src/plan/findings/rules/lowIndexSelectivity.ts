import { formatCount, formatRows } from '../../words';
import { figure, ownStake, text } from '../facts';
import { filtered, obstacleOf } from '../filters';
import type { Rule } from '../finding';
import { indexCondition } from '../indexes';

const LEAST_RATIO = 10;
const SCANS = ['Index Scan', 'Index Only Scan', 'Bitmap Heap Scan'];

export const lowIndexSelectivity: Rule = {
  id: 'low-index-selectivity',
  title: 'Most rows from the index are thrown away',
  trigger: `A scan with an index condition that throws away more than ${LEAST_RATIO} × the rows that it keeps: by a filter that no B-tree can decide, or when it checks the index's answer again (not for want of memory).`,
  source: { name: 'pgMustard, "Low index efficiency"' },
  manual: 'indexes-types.html',
  lesson: 'index-tuning',
  *find(facts) {
    for (const node of facts.ofKind(...SCANS)) {
      const condition = indexCondition(facts, node);
      if (condition === undefined) continue;
      const isRechecked = (figure(node, 'Lossy Heap Blocks') ?? 0) === 0;
      const again = isRechecked ? filtered(node, 'Rows Removed by Index Recheck') : undefined;
      const byFilter = filtered(node);
      const isOther = byFilter !== undefined && byFilter.ratio > LEAST_RATIO && obstacleOf(node).kind === 'other';
      const rows = again !== undefined && again.ratio > LEAST_RATIO ? again : isOther ? byFilter : undefined;
      if (rows === undefined) continue;
      const isAgain = rows === again;
      yield {
        node: node.id,
        message: `The index gave ${formatRows(rows.kept + rows.removed.rows)}; ${isAgain ? 'the check against the table' : 'the filter'} kept ${formatCount(rows.kept)}.`,
        evidence: [
          { name: 'Rows kept', value: formatCount(rows.kept) },
          {
            name: isAgain ? 'Rows removed by index recheck' : 'Rows removed by the filter',
            value: formatCount(rows.removed.rows),
          },
          { name: 'Index condition', value: condition },
          ...(isAgain ? [] : [{ name: 'Filter', value: text(node, 'Filter') ?? '' }]),
        ],
        stake: ownStake(node, rows.part),
        fixes: [
          isAgain
            ? {
                kind: 'design',
                text: 'Ask for something the index tells apart better (a longer pattern, a narrower area), or use another type of index.',
              }
            : {
                kind: 'rewrite',
                text: 'Write the filter as comparisons of columns with values, or store what it computes in a column, so that an index can decide it.',
              },
        ],
        doubt: 'Where the condition is rarely asked for, the rows thrown away may cost less than another index.',
      };
    }
  },
};
