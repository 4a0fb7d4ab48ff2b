/** What a lesson may need beyond a plain PostgreSQL, and which engines have it. */
export interface Need {
  readonly summary: string;
  /** Engines that meet it, by the names of the setting `pgLessons.engine`; empty: none yet. */
  readonly engines: readonly ('embedded' | 'local' | 'server')[];
}

export const NEEDS: Readonly<Record<string, Need>> = {
  'parallel-query': { summary: 'several processes for one query', engines: ['local', 'server'] },
  restart: { summary: 'a server that the lesson may restart', engines: [] },
  replication: { summary: 'a primary and a standby', engines: [] },
  pgbouncer: { summary: 'a connection pool', engines: [] },
  asyncpg: { summary: 'Python with asyncpg', engines: [] },
};

/** `extension:pgstattuple`: whatever the server has installed. */
export const EXTENSION_NEED = /^extension:[A-Za-z_][\w-]*$/;
