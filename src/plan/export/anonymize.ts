import type { Buffers, Plan } from '../model';
import { isList, isProperties, textOf, type RawProperties, type RawValue } from '../raw';
import { readPlans } from '../read';
import { FUNCTIONS, SETTING_VALUES } from './masking/builtins';
import { maskExpression, maskStatement } from './masking/expression';
import { Pseudonyms, type NameKind } from './masking/pseudonyms';
import { isWritable, known, rawJson } from './rawJson';

/**
 * The plans in a text as EXPLAIN (FORMAT JSON), without a name or a literal of the database: relations are t1, t2, columns c1,
 * indexes i1 and so on, the same wherever they stand; literals are 1, 'x', '2000-01-01'. Every figure is kept, so that whoever
 * gets it sees the same times and the same findings. Reads any format.
 * @throws {PlanParseError}
 */
export function anonymized(text: string): string {
  return anonymizedPlans(readPlans(text));
}

export function anonymizedPlans(plans: readonly Plan[]): string {
  const names = new Pseudonyms();
  for (const plan of plans) nameAll(plan, names);
  const sections = plans.map((plan) => sectionsOf(plan, names));
  return `${rawJson(sections, plans.some(hasFractionalRows))}\n`;
}

/** Whole properties that are names. */
const NAMES: Readonly<Record<string, NameKind>> = {
  Schema: 'schema',
  'Relation Name': 'relation',
  Relation: 'relation',
  'Index Name': 'index',
  'Conflict Arbiter Indexes': 'index',
  'CTE Name': 'cte',
  'Tuplestore Name': 'other',
  'Trigger Name': 'trigger',
  'Constraint Name': 'constraint',
};

/** PostgreSQL's own words. */
const WORDS = new Set([
  'Node Type',
  'Parent Relationship',
  'Join Type',
  'Strategy',
  'Partial Mode',
  'Scan Direction',
  'Operation',
  'Command',
  'Sort Method',
  'Sort Methods Used',
  'Sort Space Type',
  'Storage',
  'Cache Mode',
  'Conflict Resolution',
  'Sampling Method',
  'Custom Plan Provider',
]);

/** Numbers the names in the order of the tree, before conditions refer to them. */
function nameAll(plan: Plan, names: Pseudonyms): void {
  for (const { schema, relation } of plan.nodes) {
    if (schema !== undefined && schema !== 'pg_catalog') names.of('schema', schema);
    if (relation !== undefined) names.of('relation', relation);
  }
  for (const { alias, relation, index, properties } of plan.nodes) {
    if (alias !== undefined) names.alias(alias, relation);
    if (index !== undefined) names.of('index', index);
    const cte = textOf(properties, 'CTE Name');
    if (cte !== undefined) names.of('cte', cte);
  }
}

function sectionsOf(plan: Plan, names: Pseudonyms): RawProperties {
  const root = plan.nodes[0]?.properties;
  const { jit, serialization, planningMemory: memory } = plan;
  const planning = known([
    ...buffersOf(plan.planningBuffers),
    ['Memory Used', kb(memory?.usedBytes)],
    ['Memory Allocated', kb(memory?.allocatedBytes)],
  ]);
  const settings = Object.entries(plan.settings).map(([name, value]) => setting(name, value, names));
  const timing = known([
    [
      'Generation',
      jit?.deformMs === undefined
        ? jit?.generationMs
        : known([
            ['Deform', jit.deformMs],
            ['Total', jit.generationMs],
          ]),
    ],
    ['Inlining', jit?.inliningMs],
    ['Optimization', jit?.optimizationMs],
    ['Emission', jit?.emissionMs],
    ['Total', jit?.totalMs],
  ]);
  return known([
    ['Query Text', plan.query === undefined ? undefined : maskStatement(plan.query, names)],
    ['Plan', root === undefined ? {} : masked(root, names)],
    ['Settings', settings.length === 0 ? undefined : known(settings)],
    ['Planning', Object.keys(planning).length === 0 ? undefined : planning],
    ['Planning Time', plan.planningMs],
    [
      'Triggers',
      plan.triggers.length === 0
        ? undefined
        : plan.triggers.map((trigger) =>
            masked(
              known([
                ['Trigger Name', trigger.name],
                ['Constraint Name', trigger.constraint],
                ['Relation', trigger.relation],
                ['Time', trigger.ms],
                ['Calls', trigger.calls],
              ]),
              names,
            ),
          ),
    ],
    [
      'JIT',
      jit &&
        known([
          ['Functions', jit.functions],
          ['Timing', Object.keys(timing).length === 0 ? undefined : timing],
        ]),
    ],
    [
      'Serialization',
      serialization &&
        known([
          ['Time', serialization.ms],
          ['Output Volume', kb(serialization.outputBytes)],
          ...buffersOf(serialization.buffers),
        ]),
    ],
    ['Execution Time', plan.executionMs],
  ]);
}

function kb(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / 1024;
}

/** "sharedHit" is "Shared Hit Blocks". */
function buffersOf(buffers: Buffers | undefined): [string, number][] {
  return Object.entries(buffers ?? {}).map(([field, blocks]: [string, number]) => [
    `${field.charAt(0).toUpperCase()}${field.slice(1).replace(/[A-Z]/, ' $&')} Blocks`,
    blocks,
  ]);
}

function setting(name: string, value: string, names: Pseudonyms): [string, string] {
  return [name.includes('.') ? names.of('setting', name) : name, SETTING_VALUES.test(value) ? value : 'x'];
}

/** From 18 on; only the rounding of rows tells. */
function hasFractionalRows({ nodes }: Plan): boolean {
  return nodes.some(
    ({ rows, loops, rowsError }) =>
      (rows !== undefined && !Number.isInteger(rows)) ||
      (rowsError !== undefined && rowsError > 0 && loops !== undefined && rowsError < loops * 0.1),
  );
}

interface Work {
  readonly from: RawValue;
  /** The property that holds it. */
  readonly name: string;
  readonly relation: string | undefined;
  readonly put: (to: RawValue) => void;
}

/** Without recursion, children included. The copy has the properties' order. */
function masked(properties: RawProperties, names: Pseudonyms): RawProperties {
  let result: RawProperties = {};
  const pending: Work[] = [
    {
      from: properties,
      name: 'Plan',
      relation: undefined,
      put: (to) => {
        if (isProperties(to)) result = to;
      },
    },
  ];
  for (let work = pending.pop(); work !== undefined; work = pending.pop()) {
    const { from, name, relation, put } = work;
    // Pushed from the end, so that names are numbered as they are read.
    if (isList(from)) {
      const items = from.filter(isWritable);
      const list: RawValue[] = Array.from(items, () => null);
      put(list);
      for (let place = items.length - 1; place >= 0; place--)
        pending.push({ from: items[place] ?? null, name, relation, put: (to) => (list[place] = to) });
    } else if (isProperties(from)) {
      const copy: Record<string, RawValue> = {};
      put(copy);
      const own = textOf(from, 'Relation Name');
      // defineProperty: a name may be "__proto__".
      const set = (key: string, to: RawValue): void => {
        Object.defineProperty(copy, key, { value: to, enumerable: true, configurable: true, writable: true });
      };
      const entries = Object.entries(from).filter(([, member]) => isWritable(member));
      for (const [key] of entries) set(key, null); // Their order.
      for (const [key, member] of entries.toReversed())
        pending.push({ from: member, name: key, relation: own, put: (to) => set(key, to) });
    } else {
      put(typeof from === 'string' ? maskedText(name, from, relation, names) : from);
    }
  }
  return result;
}

function maskedText(name: string, text: string, relation: string | undefined, names: Pseudonyms): string {
  if (WORDS.has(name)) return text;
  if (name === 'Alias') return names.alias(text, relation);
  if (name === 'Schema' && text === 'pg_catalog') return text;
  const kind = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (kind !== undefined) return names.of(kind, text);
  // Of file_fdw: a path is no expression.
  if (name === 'Foreign File' || name === 'Foreign Program') return 'x';
  if (name === 'Function Name') return FUNCTIONS.has(text) ? text : names.of('function', text);
  if (name === 'Subplan Name' && text.startsWith('CTE ')) return `CTE ${names.of('cte', text.slice(4))}`;
  if (name === 'Subplan Name' && SUBPLAN.test(text)) return text;
  return maskExpression(text, names);
}

const SUBPLAN =
  /^(?:InitPlan|SubPlan) (?:\d+|(?:expr|exists|any|all|array|minmax|multiexpr|rowcompare)_\d+)(?: \(returns [$\d, ]+\))?$/;
