import { formatBytes, formatCount, formatMs } from '../../words';
import type { Hit, Rule } from '../finding';
import { percent } from '../worth';

const LEAST_SHARE = 0.2;
const LEAST_MS = 5;

/** EXPLAIN (SERIALIZE), 17: what turning rows into the client's format took, TOAST included. */
export const serializationCost: Rule = {
  id: 'serialization-cost',
  title: 'Sending the result is costly',
  trigger: `EXPLAIN (SERIALIZE) shows that converting the result took ≥ 20 % of the execution time, and ≥ ${LEAST_MS} ms.`,
  source: {
    name: 'PostgreSQL manual: EXPLAIN, SERIALIZE',
    url: 'https://www.postgresql.org/docs/current/sql-explain.html',
  },
  manual: 'sql-explain.html',
  lesson: 'query-analysis',
  *find({ plan, nodes, spanMs }): Iterable<Hit> {
    const { ms, outputBytes } = plan.serialization ?? {};
    if (ms === undefined || spanMs === undefined || ms < LEAST_MS || ms < LEAST_SHARE * spanMs) return;
    const [root] = nodes;
    yield {
      message: `Converting the result for the client took ${formatMs(ms)}, ${percent(Math.min(1, ms / spanMs))} of the execution time${
        outputBytes === undefined ? '' : `, for ${formatBytes(outputBytes)}`
      }.`,
      evidence: [
        { name: 'Serialization', value: formatMs(ms) },
        ...(outputBytes === undefined ? [] : [{ name: 'Output', value: formatBytes(outputBytes) }]),
        ...(root?.totalRows === undefined ? [] : [{ name: 'Rows', value: formatCount(root.totalRows) }]),
      ],
      stake: { ms, errorMs: 0.0005 },
      fixes: [
        {
          kind: 'rewrite',
          text: 'Return fewer columns and rows: large text, jsonb and bytea values are fetched from TOAST and decompressed only here.',
        },
        {
          kind: 'design',
          text: 'Where the client can, ask for binary results: timestamps, numerics and bytea convert faster.',
        },
      ],
      doubt: 'Without SERIALIZE a client pays the same, unseen by EXPLAIN; sending it over the network comes on top.',
    };
  },
};
