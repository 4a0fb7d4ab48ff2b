import type { RawValue } from '../../raw';

/** Properties while they are gathered. */
export type Properties = Record<string, RawValue>;

/** Under any name: a plan is untrusted, and `properties['__proto__'] = …` would not make a property. */
export function put(properties: Properties, name: string, value: RawValue): void {
  if (name === '__proto__')
    Object.defineProperty(properties, name, { value, enumerable: true, writable: true, configurable: true });
  else properties[name] = value;
}

/** A node while its plan is read. */
export interface DraftNode {
  readonly properties: Properties;
  /** EXPLAIN's Node Type. */
  readonly kind: string;
  /** Its children, in order; put into `properties` as "Plans" when all is read. None as long as there is none. */
  children: Properties[] | undefined;
  /** Children that no "InitPlan" or "SubPlan" line introduced. */
  direct: number;
  /** Of its line's arrow; -1 of the root, which has none. */
  readonly column: number;
  /** Where its line stands in the text. */
  readonly offset: number;
}
