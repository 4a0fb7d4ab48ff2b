import type { Database, Engine, LessonDatabaseSpec } from '../database/engine';
import { SqlError } from '../sql/session';
import { mayWrite, statements } from '../sql/statements';

/** The lesson's data set does not load: the author's mistake, found wherever a database is made. */
export class BrokenDataset extends Error {}

export interface Source {
  readonly engine: Engine;
  readonly spec: LessonDatabaseSpec;
  /** SQL of the data set's hidden variant. */
  readonly variant: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** @throws {BrokenDataset} */
export async function scratch({ engine, spec, signal }: Source): Promise<Database> {
  try {
    return await engine.scratch(spec, signal ? { signal } : {});
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new BrokenDataset(
      `The data set “${spec.dataset?.name}” does not load: ${error.message}${placeOf(error, spec)}`,
      {
        cause: error,
      },
    );
  }
}

/** Reading a data set keeps its lines. */
function placeOf({ offset }: SqlError, { dataset }: LessonDatabaseSpec): string {
  if (offset === undefined || !dataset) return '';
  return ` (datasets/${dataset.name}.sql, line ${dataset.sql.slice(0, offset).split('\n').length})`;
}

/** A database that is as at the start for each text: made anew once one may have changed it. */
export class Throwaway {
  private database: Database | undefined;
  private dirty = false;

  constructor(private readonly source: Source) {}

  /** @throws {BrokenDataset} */
  async for(text: string): Promise<Database> {
    if (this.dirty) await this.close();
    this.database ??= await scratch(this.source);
    this.dirty = statements(text).some(mayWrite);
    return this.database;
  }

  async close(): Promise<void> {
    const { database } = this;
    this.database = undefined;
    this.dirty = false;
    await database?.close();
  }
}
