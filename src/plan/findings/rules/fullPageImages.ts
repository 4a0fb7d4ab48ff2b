import type { PlanNode } from '../../model';
import { formatBytes, formatCount, nodeTitle } from '../../words';
import type { Hit, Rule } from '../finding';
import { percent } from '../worth';

const LEAST = 100;
/** Of the WAL's bytes, at 8 kB an image: at most that, without the hole in the page and compression. */
const LEAST_PART = 0.5;
const PAGE = 8192;

/** WAL that holds whole pages, because each page's first change after a checkpoint must. */
export const fullPageImages: Rule = {
  id: 'full-page-images',
  title: 'WAL full of whole pages',
  trigger: `EXPLAIN (WAL) shows ≥ ${LEAST} full page images, which may be ≥ 50 % of its bytes.`,
  source: {
    name: 'PostgreSQL manual: full_page_writes',
    url: 'https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FULL-PAGE-WRITES',
  },
  manual: 'wal-configuration.html',
  lesson: 'database-tuning',
  *find({ nodes }): Iterable<Hit> {
    let [fpi, records, bytes] = [0, 0, 0];
    let most: PlanNode | undefined;
    for (const node of nodes) {
      const own = node.exclusiveWal;
      if (own === undefined) continue;
      fpi += own.fpi;
      records += own.records;
      bytes += own.bytes;
      if (own.fpi > (most?.exclusiveWal?.fpi ?? 0)) most = node;
    }
    if (most === undefined || fpi < LEAST || fpi * PAGE < LEAST_PART * bytes) return;
    yield {
      node: most.id,
      message: `Wrote ${formatBytes(bytes)} of WAL, up to ${percent(Math.min(1, (fpi * PAGE) / bytes))} of it ${formatCount(fpi)} whole pages: each page’s first change since a checkpoint.`,
      evidence: [
        { name: 'WAL', value: formatBytes(bytes) },
        { name: 'Records', value: formatCount(records) },
        { name: 'Full page images', value: formatCount(fpi) },
        { name: 'Most of them', value: nodeTitle(most) },
      ],
      stake: {},
      fixes: [
        {
          kind: 'setting',
          text: 'Fewer checkpoints, fewer images: let the WAL between two of them grow.',
          sql: "ALTER SYSTEM SET max_wal_size = '4GB';\nALTER SYSTEM SET checkpoint_timeout = '15min';\nSELECT pg_reload_conf();",
        },
        {
          kind: 'setting',
          text: 'Compress the images (lz4 and zstd from 15 on, where built in).',
          sql: 'ALTER SYSTEM SET wal_compression = on;\nSELECT pg_reload_conf();',
        },
        {
          kind: 'design',
          text: 'Touch fewer pages: change rows in the table’s order, drop indexes that nothing uses, avoid random keys (uuidv7 instead of uuidv4).',
        },
      ],
      doubt:
        'After a checkpoint the first changes always pay this; run right after it again, the images are gone. Longer intervals make recovery after a crash longer.',
    };
  },
};
