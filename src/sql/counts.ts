/**
 * Has a session tell at once what it counted of its writes: PostgreSQL tells by itself only after up to ten seconds
 * of idling. Also the text that such a session is known by in pg_stat_activity. 14 lacks the function.
 */
export const FLUSH_COUNTS = 'SELECT pg_catalog.pg_stat_force_next_flush()';
