import type { PlanNode } from '../../model';
import { figureOf } from '../../raw';
import { formatBytes, formatCount, formatMs, nodeTitle } from '../../words';
import { ownStake, ran, text, wholeStake, type Facts, type Stake } from '../facts';
import type { Fix, Hit, Rule } from '../finding';
import { hashMultiplier, MEMORY_DOUBT, processFigures, workMemFix } from '../memory';
import { inShort, isReal, percent } from '../worth';

const LEAST_LOOKUPS = 1000;
const LEAST_EVICTED = 0.1;
const MOST_HITS = 0.2;
const LEAST_SHARE = 0.05;

export const memoizeThrashing: Rule = {
  id: 'memoize-thrashing',
  title: 'Memoize’s cache hardly helps',
  trigger: `Of ≥ ${formatCount(LEAST_LOOKUPS)} look-ups, a Memoize evicted ≥ 10 % of what it missed and took ≥ 5 % of the time; or < 20 % hit and its own time is ≥ 5 %.`,
  source: {
    name: 'PostgreSQL manual: enable_memoize',
    url: 'https://www.postgresql.org/docs/current/runtime-config-query.html#GUC-ENABLE-MEMOIZE',
  },
  manual: 'runtime-config-query.html#GUC-ENABLE-MEMOIZE',
  lesson: 'database-tuning',
  *find(facts): Iterable<Hit> {
    for (const node of facts.ofKind('Memoize')) {
      if (!ran(node)) continue;
      const cache = cacheOf(node);
      const lookups = cache.hits + cache.misses;
      if (lookups < LEAST_LOOKUPS) continue;
      const evicts = cache.evictions >= LEAST_EVICTED * cache.misses || cache.overflows > 0;
      const stake = evicts ? againStake(facts, node, cache) : ownStake(node);
      if ((!evicts && cache.hits >= MOST_HITS * lookups) || !isReal(facts, stake, LEAST_SHARE)) continue;
      yield {
        node: node.id,
        message: evicts
          ? `Memoize threw ${formatCount(cache.evictions)} entries out of its cache to make room, and found ${percent(cache.hits / lookups)} of ${formatCount(lookups)} look-ups in it.`
          : `Memoize found only ${percent(cache.hits / lookups)} of ${formatCount(lookups)} look-ups in its cache: filling it cost more than it spared.`,
        evidence: [
          { name: 'Cache Key', value: inShort(text(node, 'Cache Key') ?? '') },
          { name: 'Hits', value: formatCount(cache.hits) },
          { name: 'Misses', value: formatCount(cache.misses) },
          { name: 'Evictions', value: formatCount(cache.evictions) },
          ...(cache.overflows > 0 ? [{ name: 'Overflows', value: formatCount(cache.overflows) }] : []),
          { name: 'Peak memory', value: formatBytes(cache.peakKilobytes * 1024) },
          ...(node.exclusiveMs === undefined ? [] : [{ name: 'Own time', value: formatMs(node.exclusiveMs) }]),
        ],
        stake,
        fixes: evicts ? [memory(facts, cache)] : statistics(facts, node),
        doubt: evicts
          ? `Keys that come once are never asked for again, evicted or not: then more memory changes nothing. ${MEMORY_DOUBT}`
          : 'The look-ups were needed with or without the cache; only its own time can be spared.',
      };
    }
  },
};

interface Cache {
  hits: number;
  misses: number;
  evictions: number;
  overflows: number;
  peakKilobytes: number;
}

/** Of the leader and the workers together; each has a cache of its own. */
function cacheOf(node: PlanNode): Cache {
  const cache: Cache = { hits: 0, misses: 0, evictions: 0, overflows: 0, peakKilobytes: 0 };
  for (const figures of processFigures(node)) {
    cache.hits += figureOf(figures, 'Cache Hits') ?? 0;
    cache.misses += figureOf(figures, 'Cache Misses') ?? 0;
    cache.evictions += figureOf(figures, 'Cache Evictions') ?? 0;
    cache.overflows += figureOf(figures, 'Cache Overflows') ?? 0;
    cache.peakKilobytes = Math.max(cache.peakKilobytes, figureOf(figures, 'Peak Memory Usage') ?? 0);
  }
  return cache;
}

/** What was looked up below for keys that had been evicted: at most as many misses as there were evictions. */
function againStake(facts: Facts, node: PlanNode, { misses, evictions }: Cache): Stake {
  const child = facts.child(node, 'Outer');
  return child === undefined ? ownStake(node) : wholeStake(child, misses > 0 ? Math.min(1, evictions / misses) : 1);
}

/** Memory for every key that was missed; fewer where keys came twice. */
function memory(facts: Facts, { misses, evictions, peakKilobytes }: Cache): Fix {
  const kept = Math.max(1, misses - evictions);
  return workMemFix(
    facts,
    (peakKilobytes * (misses / kept)) / hashMultiplier(facts),
    `Give the cache memory: ${formatBytes(peakKilobytes * 1024)} held ${formatCount(kept)} of at most ${formatCount(misses)} keys. It may take work_mem × hash_mem_multiplier.`,
  );
}

function statistics(facts: Facts, node: PlanNode): Fix[] {
  const outer = facts.parent(node);
  const side = outer === undefined ? undefined : facts.child(outer, 'Outer');
  return [
    { kind: 'setting', text: 'Measure it without the cache, in this session only.', sql: 'SET enable_memoize = off;' },
    {
      kind: 'maintenance',
      text: `The planner expected the keys to repeat: analyze the table they come from${side?.relation === undefined ? '' : ` (${nodeTitle(side)})`}, or set the column’s n_distinct.`,
    },
  ];
}
