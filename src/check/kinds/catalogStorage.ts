import type { TableExpectation } from '../../course/schema';
import type { Session } from '../../sql/session';
import type { Outcome } from '../verdict';
import type { Relation } from './asPostgres';

/** Partitions, storage parameters, persistence, and extended statistics of a table. */
export async function checkStorage(
  session: Session,
  expectation: TableExpectation,
  relation: Relation,
): Promise<Outcome[]> {
  const { name, unlogged, partitions, options, statistics } = expectation;
  const key = expectation['partitioned-by'];
  if ([unlogged, partitions, options, statistics, key].every((fact) => fact === undefined)) return [];
  const { rows } = await session.run(
    `SELECT c.relpersistence, pg_catalog.pg_get_partkeydef(c.oid), pg_catalog.array_to_json(c.reloptions),
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid AND p.relispartition WHERE i.inhparent = c.oid),
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('kinds', s.stxkind::text[], 'columns',
          (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys::pg_catalog.int2[]))))
        FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid = c.oid)
     FROM pg_catalog.pg_class c WHERE c.oid = $1::pg_catalog.oid`,
    { parameters: [relation.oid] },
  );
  const [persistence, partitionKey, stored, count, extended] = rows[0] ?? [];
  const outcomes: Outcome[] = [];
  const add = (passed: boolean, what: string, message: string): void => {
    outcomes.push({ passed, message, behaviour: `table ${name} ${what}: ${String(passed)}` });
  };
  if (unlogged !== undefined) {
    const is = persistence === 'u';
    add(is === unlogged, 'unlogged', `${name} is ${is ? 'unlogged' : 'logged'}.`);
  }
  if (key !== undefined) {
    const found = partitionKey ?? undefined;
    const passed = found !== undefined && samePartitionKey(found, key);
    add(
      passed,
      'partition key',
      found === undefined
        ? `${name} is not partitioned.`
        : `${name} is partitioned by ${found.toLowerCase()}${passed ? '' : '; another key is asked for'}.`,
    );
  }
  if (partitions) {
    const passed = between(Number(count), partitions);
    add(
      passed,
      'partitions',
      `${name} has ${count ?? 0} ${count === '1' ? 'partition' : 'partitions'}${passed ? '' : `; ${boundWords(partitions)} are asked for`}.`,
    );
  }
  for (const [option, wanted] of Object.entries(options ?? {})) {
    const found = storedOption(JSON.parse(stored ?? '[]') as string[] | null, option);
    const passed = found !== undefined && isOption(found, wanted);
    const message =
      found === undefined
        ? `${name} has no ${option} of its own.`
        : `${option} of ${name} is ${found}${passed ? '' : `; ${optionWords(wanted)} is asked for`}.`;
    add(passed, option, message);
  }
  const kept = (JSON.parse(extended ?? '[]') as { kinds: string[]; columns: string[] | null }[] | null) ?? [];
  for (const { on, kind } of (statistics ?? []).map((each): { on: string[]; kind?: string | undefined } => each)) {
    const about = kept.filter(({ columns }) => on.every((column) => columns?.includes(column) === true));
    const passed = about.some(({ kinds }) => kind === undefined || kinds.includes(STATISTICS[kind] ?? ''));
    const message = passed
      ? `There are extended statistics on ${on.join(', ')}.`
      : about.length > 0
        ? `The extended statistics on ${on.join(', ')} are of another kind.`
        : `There are no extended statistics on ${on.join(', ')}.`;
    add(passed, `statistics ${on.join(' ')} ${kind ?? ''}`, message);
  }
  return outcomes;
}

/** pg_statistic_ext.stxkind. */
const STATISTICS: Readonly<Record<string, string>> = { ndistinct: 'd', dependencies: 'f', mcv: 'm' };

interface Bounds {
  readonly 'at-least'?: number | undefined;
  readonly 'at-most'?: number | undefined;
}

function between(number: number, bounds: Bounds): boolean {
  return number >= (bounds['at-least'] ?? -Infinity) && number <= (bounds['at-most'] ?? Infinity);
}

function boundWords(bounds: Bounds): string {
  const { 'at-least': least, 'at-most': most } = bounds;
  return [least !== undefined && `at least ${least}`, most !== undefined && `at most ${most}`]
    .filter((part) => part !== false)
    .join(', ');
}

/** "RANGE (created_at)" is range (created_at); `range` alone is any range. */
function samePartitionKey(found: string, wanted: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, '');
  return wanted.includes('(') ? plain(found) === plain(wanted) : plain(found).startsWith(`${plain(wanted)}(`);
}

function storedOption(stored: readonly string[] | null, name: string): string | undefined {
  const entry = stored?.find((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}=`));
  return entry?.slice(name.length + 1);
}

type Option = NonNullable<TableExpectation['options']>[string];

function isOption(found: string, wanted: Option): boolean {
  if (typeof wanted === 'object') return between(Number(found), wanted);
  if (typeof wanted === 'boolean') return /^(?:on|true|yes|1)$/i.test(found) === wanted;
  return Number.isNaN(Number(found))
    ? found.toLowerCase() === String(wanted).toLowerCase()
    : Number(found) === Number(wanted);
}

function optionWords(wanted: Option): string {
  if (typeof wanted === 'object') return boundWords(wanted);
  return typeof wanted === 'boolean' ? (wanted ? 'on' : 'off') : String(wanted);
}
