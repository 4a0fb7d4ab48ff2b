import { isList, isProperties, type RawProperties, type RawValue } from '../raw';

/**
 * EXPLAIN's JSON, from its raw form: what JSON.stringify would do, without recursion, since a plan may be thousands of nodes
 * deep. Indented as EXPLAIN does it, up to a limit.
 * @param fractionalRows print "Actual Rows" with two decimals, by which readers know PostgreSQL 18
 */
export function rawJson(value: RawValue, fractionalRows: boolean): string {
  const parts: string[] = [];
  const pending: (string | { readonly value: RawValue; readonly depth: number; readonly name: string })[] = [
    { value, depth: 0, name: '' },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') {
      parts.push(next);
      continue;
    }
    const { value: from, depth, name } = next;
    const inner = line(depth + 1);
    if (isList(from)) {
      if (from.length === 0) {
        parts.push('[]');
        continue;
      }
      pending.push(`${line(depth)}]`);
      for (let place = from.length - 1; place >= 0; place--) {
        pending.push({ value: from[place] ?? null, depth: depth + 1, name }, place === 0 ? `[${inner}` : `,${inner}`);
      }
    } else if (isProperties(from)) {
      const entries = Object.entries(from);
      if (entries.length === 0) {
        parts.push('{}');
        continue;
      }
      pending.push(`${line(depth)}}`);
      for (let place = entries.length - 1; place >= 0; place--) {
        const [key, member] = entries[place] ?? ['', null];
        const before = place === 0 ? `{${inner}` : `,${inner}`;
        pending.push({ value: member, depth: depth + 1, name: key }, `${before}${JSON.stringify(key)}: `);
      }
    } else {
      parts.push(
        fractionalRows && name === 'Actual Rows' && typeof from === 'number' ? from.toFixed(2) : JSON.stringify(from),
      );
    }
  }
  return parts.join('');
}

const DEEPEST = 60;

function line(depth: number): string {
  return `\n${'  '.repeat(Math.min(depth, DEEPEST))}`;
}

/** An object of what is known, in order; plain data properties, whatever the names. */
export function known(entries: readonly (readonly [string, RawValue | undefined])[]): RawProperties {
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, RawValue] => entry[1] !== undefined && isWritable(entry[1])),
  );
}

/** JSON has no number for what was read of 1e999: null in its place would not be read as a plan. */
export function isWritable(value: RawValue): boolean {
  return typeof value !== 'number' || Number.isFinite(value);
}
