import { PLANNER_NAMES, SYSTEM_NAMES } from './builtins';

/** What a name is of, and what its stand-ins begin with. */
const PREFIXES = {
  schema: 's',
  relation: 't',
  alias: 'a',
  column: 'c',
  index: 'i',
  cte: 'cte',
  function: 'f',
  type: 'type',
  constraint: 'k',
  trigger: 'trigger',
  collation: 'collation',
  setting: 'setting',
  other: 'x',
} as const;

export type NameKind = keyof typeof PREFIXES;

/** The stand-in of each name: the same each time, numbered in the order of their first use. */
export class Pseudonyms {
  private readonly names = new Map<NameKind, Map<string, string>>();

  of(kind: NameKind, name: string): string {
    if (PLANNER_NAMES.test(name) || (kind === 'column' && SYSTEM_NAMES.has(name))) return name;
    const known = this.ofKind(kind);
    const found = known.get(name);
    if (found !== undefined) return found;
    const pseudonym = `${PREFIXES[kind]}${known.size + 1}`;
    known.set(name, pseudonym);
    return pseudonym;
  }

  has(kind: NameKind, name: string): boolean {
    return this.names.get(kind)?.has(name) === true;
  }

  /** Of these kinds, the first that has the name; else the last is given it. */
  ofFirst(kinds: readonly [...NameKind[], NameKind], name: string): string {
    return this.of(kinds.find((kind) => this.has(kind, name)) ?? kinds.at(-1) ?? 'other', name);
  }

  /** An alias that is its relation's name stays that. */
  alias(alias: string, relation: string | undefined): string {
    if (SYSTEM_NAMES.has(alias)) return alias;
    return alias === relation || this.has('relation', alias) ? this.of('relation', alias) : this.of('alias', alias);
  }

  private ofKind(kind: NameKind): Map<string, string> {
    const known = this.names.get(kind) ?? new Map<string, string>();
    this.names.set(kind, known);
    return known;
  }
}
