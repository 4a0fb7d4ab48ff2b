import { isList, type RawValue } from '../../raw';
import type { Properties } from './draft';
import { valueOf, type Line } from './line';
import { splitList } from './lists';

/**
 * The keys of an Aggregate, which the text form prints one below the other: "Group Key: a, b", "Group Key: a", "Group Key: ()".
 * One line is a plain GROUP BY; several are grouping sets, of which those that share a sort form one group
 * (explain.c, show_grouping_sets).
 */
export function putKeys(properties: Properties, lines: readonly Line[]): void {
  const [only, ...more] = lines;
  if (only === undefined) return;
  if (more.length === 0 && only.name === 'Group Key' && valueOf(only) !== '()') {
    properties['Group Key'] = splitList(valueOf(only));
    return;
  }
  const sets: Properties[] = [];
  let column = -1;
  for (const line of lines) {
    const name = line.name;
    const last = sets.at(-1);
    if (name === 'Sort Key') {
      sets.push({ 'Sort Key': splitList(valueOf(line)) });
      column = line.column;
      continue;
    }
    const keys = `${name}s`;
    const key = valueOf(line) === '()' ? [] : splitList(valueOf(line));
    const sorted = last !== undefined && 'Sort Key' in last && line.column > column;
    const same = last !== undefined && keys in last && name === 'Group Key' && !('Sort Key' in last);
    if (last !== undefined && (sorted || same)) {
      const before = last[keys];
      if (isList(before)) (before as RawValue[]).push(key);
      else last[keys] = [key];
    } else sets.push({ [keys]: [key] });
  }
  properties['Grouping Sets'] = sets;
}
