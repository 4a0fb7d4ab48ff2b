import { isDeepStrictEqual } from 'node:util';
import type { Plan, PlanNode } from '../../../src/plan/model';
import { isList, isProperties, type RawProperties, type RawValue } from '../../../src/plan/raw';

/** Figures that the text form leaves out where all of them are 0: "Buffers:", "I/O Timings:", "WAL:" are then not printed. */
const OMITTED_IF_ZERO = new Set([
  ...['buffers', 'exclusiveBuffers', 'planningBuffers'],
  ...['io', 'exclusiveIo', 'planningIo', 'wal', 'exclusiveWal'],
]);

/** Members of the model that are not compared figure by figure. */
const NOT_FIGURES = new Set([
  'format',
  // Compared by their own test.
  'properties',
  // Lines for display, made of what is compared here.
  'extras',
]);

/** Where the model of a text differs from that of the JSON of the same figures, one line each. */
export function modelDifferences(id: string, actual: Plan | undefined, expected: Plan): string[] {
  if (actual === undefined) return [`${id}: no plan`];
  const differences: string[] = [];
  const compare = (path: string, name: string, text: unknown, json: unknown): void => {
    if (NOT_FIGURES.has(name)) return;
    if (name === 'nodes') {
      const [some, all] = [text as readonly PlanNode[], json as readonly PlanNode[]];
      if (some.length !== all.length)
        differences.push(`${id} ${path}: ${String(some.length)} nodes, not ${String(all.length)}`);
      else all.forEach((node, at) => compare(`${path}.${String(at)}`, 'node', some[at], node));
    } else if (name === 'triggers') {
      if (!isDeepStrictEqual(triggers(text as Plan['triggers']), triggers(json as Plan['triggers'])))
        report(path, text, json);
    } else if ((name === 'node' || name === 'serialization') && isObject(text) && isObject(json)) {
      members(path, text, json);
    } else if (OMITTED_IF_ZERO.has(name) && text === undefined && isZero(json)) {
      return;
    } else if (!isDeepStrictEqual(text, json)) report(path, text, json);
  };
  const members = (path: string, text: object, json: object): void => {
    for (const name of new Set([...Object.keys(text), ...Object.keys(json)]))
      compare(`${path}.${name}`, name, text[name as keyof object], json[name as keyof object]);
  };
  const report = (path: string, text: unknown, json: unknown): void => {
    differences.push(`${id} ${path}: ${JSON.stringify(text)}, not ${JSON.stringify(json)}`);
  };
  members('', actual, expected);
  return differences;
}

/** The text form names a trigger or its constraint, and its table only where the statement has several (report_triggers). */
function triggers(all: Plan['triggers']): unknown {
  return all.map(({ name, constraint, ms, calls }) => ({ name: constraint ?? name, ms, calls }));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isZero(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((part) => part === 0);
}

/** JSON's properties that the text form may leave out, and when. */
const OMITTED: readonly (readonly [name: RegExp, when: (value: RawValue, node: PlanNode) => boolean])[] = [
  // Printed by VERBOSE alone, and only where it is true.
  [/^Inner Unique$/, () => true],
  // Not printed where each of the plan is 0: BUFFERS, WAL and track_io_timing may as well have been off.
  [/ Blocks$|I\/O (?:Read|Write) Time$|^WAL /, (value) => value === 0],
  // Printed where it is true; that it is false tells an 18, which only measured rows tell the text form's reader.
  [/^Disabled$/, (value) => value === false],
  // Printed only where a worker did something; the leader alone may have run the node.
  [/^Workers$/, (value) => isList(value) && value.length === 0],
];

/** Properties that the text form states in another way or cannot tell, and so may differ. */
function undecidable(name: string, text: RawValue | undefined, json: RawValue | undefined, node: PlanNode): boolean {
  // 15 and 16 print "shared" for what their JSON calls neither shared nor local.
  if (/^(?:Shared |Local )?I\/O (?:Read|Write) Time$/.test(name)) return true;
  // Forward and NoMovement look the same: an index that gives its own order (KNN), before 16.
  if (name === 'Scan Direction') return text === 'Forward' && json === 'NoMovement';
  // ROWS FROM (…): an alias alone; FROM f(): the function's name alone.
  if (name === 'Function Name') return json === undefined && text === node.alias;
  return false;
}

/** Where the properties of a node differ, one line each. */
export function nodeDifferences(id: string, actual: PlanNode, expected: PlanNode): string[] {
  const at = `${id} ${String(expected.id)} ${expected.type}`;
  return propertyDifferences(at, expected, actual.properties, expected.properties);
}

function propertyDifferences(at: string, node: PlanNode, text: RawProperties, json: RawProperties): string[] {
  const differences: string[] = [];
  for (const name of new Set([...Object.keys(json), ...Object.keys(text)])) {
    if (name === 'Plans') continue;
    const [actual, expected] = [text[name], json[name]];
    if (isDeepStrictEqual(actual, expected) || undecidable(name, actual, expected, node)) continue;
    if (actual === undefined && OMITTED.some(([pattern, when]) => pattern.test(name) && when(expected ?? null, node)))
      continue;
    if (isList(actual) && isList(expected) && actual.length === expected.length && expected.every(isProperties)) {
      expected.forEach((part, place) => {
        const found = actual[place];
        if (isProperties(found)) differences.push(...propertyDifferences(`${at} ${name}`, node, found, part));
        else differences.push(`${at} ${name}`);
      });
      continue;
    }
    differences.push(`${at}: ${name} is ${printed(actual)}, not ${printed(expected)}`);
  }
  return differences;
}

function printed(value: RawValue | undefined): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
