import type { PlanNode } from '../../model';
import { formatCount, formatRows } from '../../words';
import { addStakes, ownStake, ran, removed, text, wholeStake, type Facts, type Stake } from '../facts';
import type { Hit, Rule } from '../finding';
import { identifier } from '../names';
import { inShort, isReal, percent } from '../worth';

const LEAST_REMOVED = 1000;
const LEAST_FACTOR = 10;
const LEAST_SHARE = 0.05;

/** A CTE is computed whole, then each of its readers throws most of it away. */
export const cteFilteredLate: Rule = {
  id: 'cte-filtered-late',
  title: 'CTE computed whole, filtered afterwards',
  trigger: `Every scan of a CTE removed by filter ≥ ${formatCount(LEAST_REMOVED)} rows and ≥ ${LEAST_FACTOR} for each row kept; the CTE took ≥ 5 % of the time and neither recurses nor writes.`,
  source: {
    name: 'PostgreSQL manual: CTE materialization',
    url: 'https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-CTE-MATERIALIZATION',
  },
  manual: 'queries-with.html#QUERIES-WITH-CTE-MATERIALIZATION',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    const scans = scansByName(facts);
    for (const [name, { ctes, readers }] of scans) {
      const [cte, ...shadowed] = ctes;
      // A name used twice is not worth resolving for a hint.
      if (cte === undefined || shadowed.length > 0 || cte.kind === 'Recursive Union' || cte.kind === 'ModifyTable')
        continue;
      if (!ran(cte) || readers.length === 0) continue;
      let [dropped, kept] = [0, 0];
      let stake: Stake = wholeStake(cte);
      let isFiltered = true;
      for (const scan of readers) {
        const count = removed(scan, 'Rows Removed by Filter');
        const rows = scan.totalRows ?? 0;
        isFiltered &&= count !== undefined && count.rows - count.error >= LEAST_FACTOR * (rows + (scan.rowsError ?? 0));
        dropped += count?.rows ?? 0;
        kept += rows;
        stake = addStakes(stake, ownStake(scan));
      }
      const part = dropped / (dropped + kept);
      if (!isFiltered || dropped < LEAST_REMOVED) continue;
      stake = scaled(stake, part);
      if (!isReal(facts, stake, LEAST_SHARE)) continue;
      const [first] = readers;
      const filter = first === undefined ? '' : (text(first, 'Filter') ?? '');
      yield {
        node: first?.id ?? cte.id,
        message: `CTE ${name} was computed whole, ${formatRows(cte.totalRows ?? 0)}; reading it then threw ${percent(part)} away.`,
        evidence: [
          { name: 'Filter of the scan', value: inShort(filter) },
          { name: 'Rows removed', value: formatCount(dropped) },
          { name: 'Rows kept', value: formatCount(kept) },
          { name: 'Scans of the CTE', value: formatCount(readers.length) },
        ],
        stake,
        fixes: [
          {
            kind: 'rewrite',
            text: `Let the planner push the filter into it: WITH ${identifier(name)} AS NOT MATERIALIZED (…); or write the filter inside.`,
          },
        ],
        doubt:
          readers.length > 1
            ? `Not materialized, it is computed once for each of its ${formatCount(readers.length)} scans: better only while the filter is pushed all the way down. A filter on an aggregate stays above.`
            : 'It was materialized on purpose, or because it calls a volatile function, which NOT MATERIALIZED does not change. A filter on an aggregate stays above.',
      };
    }
  },
};

interface Named {
  readonly ctes: PlanNode[];
  readonly readers: PlanNode[];
}

function scansByName(facts: Facts): ReadonlyMap<string, Named> {
  const named = new Map<string, Named>();
  const at = (name: string): Named => {
    const known = named.get(name) ?? { ctes: [], readers: [] };
    named.set(name, known);
    return known;
  };
  for (const node of facts.subplans)
    if (node.subplan?.startsWith('CTE ') === true) at(node.subplan.slice(4)).ctes.push(node);
  for (const node of facts.ofKind('CTE Scan')) {
    const read = text(node, 'CTE Name');
    if (read !== undefined && ran(node)) at(read).readers.push(node);
  }
  return named;
}

function scaled({ ms, errorMs, blocks }: Stake, part: number): Stake {
  return {
    ...(ms === undefined ? {} : { ms: ms * part }),
    ...(errorMs === undefined ? {} : { errorMs: errorMs * part }),
    ...(blocks === undefined ? {} : { blocks: Math.round(blocks * part) }),
  };
}
