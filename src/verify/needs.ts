import type { Engine } from '../database/engine';
import type { Session } from '../sql/session';

/**
 * The first of a lesson's needs that is not met here, as a sentence.
 * @param open a session of the engine; asked for only when a need is an extension
 */
export async function unmetNeed(
  needs: readonly string[],
  engine: Engine,
  open: () => Promise<Session>,
): Promise<string | undefined> {
  for (const need of needs) {
    const extension = /^extension:(.+)$/.exec(need)?.[1];
    if (extension !== undefined) {
      const session = await open();
      const { rows } = await session.run('SELECT FROM pg_available_extensions WHERE name = $1', {
        parameters: [extension],
      });
      if (rows.length === 0) return `${engine.label} does not have the extension ${extension}.`;
    } else if (need !== 'parallel-query' || engine.kind === 'embedded') {
      return `The lesson needs ${need}, which ${engine.label} cannot give.`;
    }
  }
  return undefined;
}
