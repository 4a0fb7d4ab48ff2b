import { formatCount, formatRows, nodeTitle } from '../../words';
import { ownStake, ran, removed, text } from '../facts';
import type { Hit, Rule } from '../finding';
import { inShort, isReal } from '../worth';

const LEAST_REMOVED = 1000;
const LEAST_SHARE = 0.05;

/** Rows that a foreign server sent to be thrown away here. */
export const foreignFilterLocal: Rule = {
  id: 'foreign-filter-local',
  title: 'Foreign rows filtered on this side',
  trigger: `A Foreign Scan (not of a file) fetched ≥ ${formatCount(LEAST_REMOVED)} rows that its local Filter removed, more than it kept, worth ≥ 5 % of the time.`,
  source: {
    name: 'PostgreSQL manual: postgres_fdw, remote query optimization',
    url: 'https://www.postgresql.org/docs/current/postgres-fdw.html#POSTGRES-FDW-REMOTE-QUERY-OPTIMIZATION',
  },
  manual: 'postgres-fdw.html#POSTGRES-FDW-REMOTE-QUERY-OPTIMIZATION',
  lesson: 'database-tuning',
  *find(facts): Iterable<Hit> {
    for (const node of facts.ofKind('Foreign Scan')) {
      if (!ran(node) || text(node, 'Foreign File') !== undefined) continue;
      const count = removed(node, 'Rows Removed by Filter');
      const kept = node.totalRows ?? 0;
      if (count === undefined || count.rows - count.error < Math.max(LEAST_REMOVED, kept)) continue;
      const stake = ownStake(node, count.rows / (count.rows + kept));
      if (!isReal(facts, stake, LEAST_SHARE)) continue;
      const remote = text(node, 'Remote SQL');
      yield {
        node: node.id,
        message: `${nodeTitle(node)} fetched ${formatRows(count.rows + kept)} and threw ${formatCount(count.rows)} away: the filter ran here, not on the foreign server.`,
        evidence: [
          { name: 'Filter', value: inShort(text(node, 'Filter') ?? '') },
          { name: 'Rows removed', value: formatCount(count.rows) },
          { name: 'Rows kept', value: formatCount(kept) },
          ...(remote === undefined ? [] : [{ name: 'Remote SQL', value: inShort(remote) }]),
        ],
        stake,
        fixes: [
          {
            kind: 'rewrite',
            text: 'Write the condition with built-in immutable operators and functions: now(), casts that depend on settings, and own functions are not sent.',
          },
          {
            kind: 'setting',
            text: "Operators of an extension that both servers have are sent where the foreign server lists it: ALTER SERVER … OPTIONS (ADD extensions '…').",
          },
        ],
        doubt: 'Another wrapper than postgres_fdw may not be able to send conditions at all. A SubPlan is never sent.',
      };
    }
  },
};
