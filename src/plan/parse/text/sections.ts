import type { RawValue } from '../../raw';
import { put, type Properties } from './draft';
import { figure, putProperty, type Seen } from './properties';

/** What stands below the node tree, in FORMAT JSON's names. */

const TIMES = new Map([
  ['Planning Time', 'Planning Time'],
  ['Execution Time', 'Execution Time'],
  // until 11
  ['Planning time', 'Planning Time'],
  ['Execution time', 'Execution Time'],
  // until 9.3
  ['Total runtime', 'Total Runtime'],
]);

const OTHERS = new Set([
  ...['Planning', 'JIT', 'Settings', 'Serialization', 'Query Identifier', 'Query Text', 'Query Parameters'],
]);

/** A line that begins what stands below the tree. "Trigger x: …" is one too. */
export function isSectionName(name: string): boolean {
  return TIMES.has(name) || OTHERS.has(name);
}

const CALLS = /: (?:time=([\d.]+) )?calls=(\d+)\s*$/;

export function isTrigger(line: string): boolean {
  return line.startsWith('Trigger ') && CALLS.test(line.slice(-60));
}

/**
 * @returns the section that the next lines belong to, where it has such
 */
export function putSection(sections: Properties, name: string, value: string, seen: Seen): Properties | undefined {
  const time = TIMES.get(name);
  if (time !== undefined) {
    sections[time] = figure(value);
    return undefined;
  }
  switch (name) {
    case 'Settings':
      sections['Settings'] = settings(value);
      return undefined;
    case 'Serialization':
      return (sections['Serialization'] = serialization(value));
    case 'Planning':
      return (sections['Planning'] = {});
    case 'JIT':
      return (sections['JIT'] = {});
    // A 64-bit number: more than a number holds.
    case 'Query Identifier':
    case 'Query Text':
    case 'Query Parameters':
      sections[name] = value;
      return undefined;
    default:
      putProperty(sections, name, value, seen);
      return undefined;
  }
}

/** "Trigger name for constraint name on relation: time=0.401 calls=1"; the names are not quoted. */
export function putTrigger(triggers: RawValue[], line: string): void {
  const counts = CALLS.exec(line.slice(-60));
  const end = line.lastIndexOf(': ');
  if (counts === null || end === -1) return;
  const trigger: Properties = {};
  let head = line.slice('Trigger'.length, end);
  const on = head.lastIndexOf(' on ');
  const relation = on === -1 ? undefined : head.slice(on + ' on '.length);
  if (on !== -1) head = head.slice(0, on);
  const constrains = head.indexOf(' for constraint ');
  const name = (constrains === -1 ? head : head.slice(0, constrains)).trim();
  if (name !== '') trigger['Trigger Name'] = name;
  if (constrains !== -1) trigger['Constraint Name'] = head.slice(constrains + ' for constraint '.length);
  if (relation !== undefined) trigger['Relation'] = relation;
  if (counts[1] !== undefined) trigger['Time'] = Number(counts[1]);
  trigger['Calls'] = Number(counts[2]);
  triggers.push(trigger);
}

/** Options and Timing of JIT; of the rest the figure. */
export function putJit(jit: Properties, name: string, value: string): void {
  if (name === 'Options') jit['Options'] = options(value);
  else if (name === 'Timing') jit['Timing'] = timing(value);
  else put(jit, name, value === 'true' ? true : value === 'false' ? false : figure(value));
}

/** "Inlining false, Optimization false, Expressions true, Deforming true" */
function options(value: string): Properties {
  const result: Properties = {};
  for (const part of value.split(',')) {
    const [name = '', state] = part.trim().split(/\s+/);
    if (name !== '') put(result, name, state === 'true');
  }
  return result;
}

const PART = /(\w+) ([\d.]+) ms(?: \(Deform ([\d.]+) ms\))?/g;

/** "Generation 1.0 ms (Deform 0.2 ms), Inlining 0.0 ms, …, Total 2.4 ms"; Deform from 17 on */
function timing(value: string): Properties {
  const result: Properties = {};
  for (const [, name = '', ms, deform] of value.matchAll(PART))
    put(result, name, deform === undefined ? Number(ms) : { Deform: Number(deform), Total: Number(ms) });
  return result;
}

const SERIALIZATION = /^(?:time=([\d.]+) ms\s+)?output=(\d+)kB\s+format=(\w+)/;

function serialization(value: string): Properties {
  const match = SERIALIZATION.exec(value);
  if (match === null) return {};
  const [, ms, output, format = ''] = match;
  const result: Properties = {};
  if (ms !== undefined) result['Time'] = Number(ms);
  result['Output Volume'] = Number(output);
  result['Format'] = format;
  return result;
}

const SETTING = /([\w.]+) = (?:'|(NULL)(?:, |$))/y;

/** "jit = 'off', search_path = '\"$user\", public'": quotes inside a value are not doubled. */
function settings(value: string): Properties {
  const result: Properties = {};
  let at = 0;
  while (at < value.length) {
    SETTING.lastIndex = at;
    const match = SETTING.exec(value);
    if (match === null) break;
    const from = SETTING.lastIndex;
    if (match[2] !== undefined) {
      put(result, match[1] ?? '', null);
      at = from;
      continue;
    }
    const next = nextSetting(value, from);
    put(result, match[1] ?? '', value.slice(from, next === undefined ? value.lastIndexOf("'") : next - 3));
    if (next === undefined) break;
    at = next;
  }
  return result;
}

const NAME = /[\w.]+ = (?:'|NULL)/y;

/** Where the setting after this one begins. */
function nextSetting(value: string, from: number): number | undefined {
  for (let end = value.indexOf("', ", from); end !== -1; end = value.indexOf("', ", end + 1)) {
    NAME.lastIndex = end + 3;
    if (NAME.test(value)) return end + 3;
  }
  return undefined;
}
