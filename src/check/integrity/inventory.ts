import type { Session } from '../../sql/session';
import { CATALOGS_ONLY, SEARCH_PATH } from '../pinned';
import type { Fact } from './fact';
import { factsOf } from './inventoryFacts';
import {
  CATALOG,
  INVENTORY,
  LEAVE,
  NEWEST,
  newestRows,
  OWN_FUNCTIONS,
  RARE,
  RARELY,
  type Row,
} from './inventorySelects';

/** What the integrity of an exercise is held against: measured on pristine data, before and after the solution. */
export interface InventoryReference {
  readonly start: readonly Fact[];
  /** All that the solution itself changes, as `subjectKey` writes it. */
  readonly subjects: readonly string[];
}

export interface Inventory {
  readonly facts: readonly Fact[];
  /** There are functions that are not PostgreSQL's, in any schema. */
  readonly ownFunctions: boolean;
}

/**
 * Reads all facts, mostly in one statement. Leaves search_path as every check has it.
 * @param start what is known of the database's start: what did not change since is not read again
 * @param pinned search_path is `CATALOGS_ONLY` already
 */
export async function readInventory(session: Session, start: readonly Fact[] = [], pinned = false): Promise<Inventory> {
  let rows = await readRows(session, INVENTORY, pinned);
  const there = rows.find(([kind]) => kind === RARE)?.[1].split(' ') ?? [];
  const more = RARELY.filter((_, at) => there.includes(String(at)));
  const ownFunctions = more.includes(OWN_FUNCTIONS);
  const selects = more.map(({ select }) => select);
  // without the condition a third quicker, and the same where there are none
  const mixed = more.some(({ amongOwn }) => amongOwn);
  if (mixed) selects.push(newestRows('WHERE oid < 16384'));
  if (selects.length > 0) {
    const further = await readRows(session, selects);
    rows = [...(mixed ? rows.filter(([kind]) => kind !== 'catalog') : rows), ...further];
  }
  const facts = factsOf(rows);
  const newest = facts.find(isNewest);
  if (newest === undefined) return { facts, ownFunctions };
  const known = start.find(isNewest)?.value === newest.value ? start.find(isCatalog) : undefined;
  return { facts: [...facts, known ?? (await readCatalog(session))], ownFunctions };
}

async function readRows(session: Session, selects: readonly string[], pinned = false): Promise<Row[]> {
  if (!pinned) await session.run(`SELECT pg_catalog.set_config('search_path', '${CATALOGS_ONLY}', true)`);
  const sql = [...selects, LEAVE].join(' UNION ALL ');
  const { rows } = await session.run(sql, { parameters: [SEARCH_PATH] });
  return rows.map(([kind, owner, name, value]) => [kind ?? '', owner ?? '', name ?? '', value ?? '']);
}

const isNewest = ({ category, name }: Fact): boolean => category === 'catalog' && name === NEWEST;
const isCatalog = ({ category, name }: Fact): boolean => category === 'catalog' && name === '';

/** What those rows hold: the same on every server of a version. */
async function readCatalog(session: Session): Promise<Fact> {
  const { rows } = await session.run(CATALOG);
  return { category: 'catalog', object: '', name: '', value: rows[0]?.[0] ?? '' };
}
