import { FLUSH_COUNTS } from '../../sql/counts';
import type { Session } from '../../sql/session';
import { nameParts } from '../kinds/asPostgres';
import { schemaPrefix } from './fact';

/**
 * What PostgreSQL itself counts of each table's writes, and where those counts began. They lie neither high nor
 * low unless a superuser turns counting off; see docs of pg_stat_all_tables.
 */
export interface Markers {
  /** Of each table: never rewritten, size in bytes, rows inserted, updated and deleted. */
  readonly tables: Readonly<Record<string, string>>;
  /** Since when is counted; a crash begins anew, and so does pg_stat_reset(). */
  readonly since: string;
  /** Next transaction at the last checkpoint: what a server that was started on a copy of the same files began with. */
  readonly checkpoint: string;
  /** Nobody else's counts can still be under way. */
  readonly settled: boolean;
  /** Could have turned counting off. */
  readonly superuser: boolean;
  /** All of it, with the database and the server's start. */
  readonly identity: string;
}

export async function readMarkers(session: Session): Promise<Markers> {
  const { rows } = await session.run(READ);
  const [head, ...tables] = rows;
  const [, since = '', checkpoint = '', settled, superuser, identity] = head ?? [];
  // no prototype: a table may be called __proto__
  const named = Object.fromEntries(
    tables.flatMap(([name, marker, quoted]) => {
      const prefix = schemaPrefix(nameParts(quoted ?? '').name);
      return prefix === undefined ? [] : [[prefix + (name ?? ''), marker ?? '']];
    }),
  );
  return {
    tables: named,
    since: since ?? '',
    checkpoint: checkpoint ?? '',
    settled: settled === 't',
    superuser: superuser === 't',
    identity: JSON.stringify([identity, since, named]),
  };
}

/** The counts of both began at the same point, and are complete. */
export function samePlace(reference: Markers, now: Markers): boolean {
  return now.settled && reference.settled && (reference.since === now.since || reference.checkpoint === now.checkpoint);
}

/**
 * A session tells its counts when it idles: at once if it has not done so for a second, else after ten. So another
 * client's are complete when it has been idle for that long, or when it was asked to tell them last.
 */
const READ = `
SELECT NULL AS name, pg_catalog.concat_ws(' ', pg_catalog.pg_stat_get_db_stat_reset_time(d.oid), pg_catalog.pg_stat_get_bgwriter_stat_reset_time()) AS marker,
  (SELECT next_xid::text FROM pg_catalog.pg_control_checkpoint()) AS checkpoint,
  pg_catalog.current_setting('server_version_num')::int >= 150000 AND pg_catalog.pg_stat_get_db_stat_reset_time(d.oid) IS NULL AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_stat_get_activity(NULL) a
    WHERE a.datid = d.oid AND a.pid <> pg_catalog.pg_backend_pid() AND a.backend_type = 'client backend'
      AND NOT coalesce(a.state = 'idle' AND (a.query = '${FLUSH_COUNTS}' OR a.state_change < pg_catalog.clock_timestamp() - interval '12 seconds'), false)
  ) AS settled,
  pg_catalog.current_setting('is_superuser') = 'on' AS superuser,
  pg_catalog.concat_ws(' ', d.oid, pg_catalog.pg_postmaster_start_time()) AS identity
FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
UNION ALL
SELECT c.relname, pg_catalog.concat_ws(' ', c.relfilenode = c.oid, pg_catalog.pg_relation_size(c.oid), pg_catalog.pg_stat_get_tuples_inserted(c.oid),
    pg_catalog.pg_stat_get_tuples_updated(c.oid), pg_catalog.pg_stat_get_tuples_deleted(c.oid)),
  c.relnamespace::pg_catalog.regnamespace::text, NULL, NULL, NULL
FROM pg_catalog.pg_class c WHERE c.relkind = 'r' AND c.oid >= 16384`;
