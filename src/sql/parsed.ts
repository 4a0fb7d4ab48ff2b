/** What a real SQL parser says about a text. src/parser has one; pure folders get it as a function. */
export interface ParsedSql {
  /** The first error; then there are no statements. Offsets are UTF-16 offsets into the text. */
  readonly error?: { readonly message: string; readonly offset: number };
  readonly statements: readonly ParsedStatement[];
}

export interface ParsedStatement {
  /** PostgreSQL's name of its node: SelectStmt, IndexStmt, VacuumStmt … */
  readonly kind: string;
  readonly offset: number;
  /** Tables and views that it names, each time it does; names of its WITH queries are left out. */
  readonly relations: readonly RelationName[];
  /** Tables, views and sequences that it makes, or renames something to. */
  readonly creates: readonly RelationName[];
  /** The highest $n; 0 without any. */
  readonly parameters: number;
  /** Names of its result's columns; `undefined` where they are not known, as with `*`. */
  readonly columns?: readonly string[] | undefined;
  /** `concurrently`, `copy-from-stdin`: what a transaction or a driver does not take. */
  readonly flags: readonly string[];
}

export interface RelationName {
  /** Lower case unless quoted, as PostgreSQL folds it. */
  readonly name: string;
  readonly schema?: string;
  readonly offset: number;
}

/** Never throws. */
export type SqlParser = (sql: string) => ParsedSql;
