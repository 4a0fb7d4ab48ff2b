/** What a node's name in the text form says, in FORMAT JSON's properties. The opposite of `typeName`; explain.c, ExplainNode. */
export interface NodeType {
  readonly kind: string;
  readonly parallel: boolean;
  readonly asynchronous: boolean;
  /** Join Type, Strategy and their like. */
  readonly special: readonly (readonly [name: string, value: string])[];
  /** One of PostgreSQL's own. */
  readonly known: boolean;
}

const PLAIN = new Set([
  ...['Result', 'ProjectSet', 'Append', 'Merge Append', 'Recursive Union', 'BitmapAnd', 'BitmapOr', 'Nested Loop'],
  ...['Seq Scan', 'Sample Scan', 'Gather', 'Gather Merge', 'Bitmap Index Scan', 'Bitmap Heap Scan', 'Tid Scan'],
  ...['Tid Range Scan', 'Subquery Scan', 'Function Scan', 'Table Function Scan', 'Values Scan', 'CTE Scan'],
  ...['Named Tuplestore Scan', 'WorkTable Scan', 'Materialize', 'Memoize', 'Sort', 'Incremental Sort', 'Group'],
  ...['WindowAgg', 'Unique', 'LockRows', 'Limit', 'Hash', 'Index Scan', 'Index Only Scan'],
]);

const STRATEGIES: Readonly<Record<string, string>> = {
  Aggregate: 'Plain',
  GroupAggregate: 'Sorted',
  HashAggregate: 'Hashed',
  MixedAggregate: 'Mixed',
};

const JOIN = /^(Nested Loop|Hash|Merge)(?: (Left|Full|Right|Semi|Anti|Right Semi|Right Anti))? Join$/;
const SET_OPERATION = /^(Hash)?SetOp (Intersect|Intersect All|Except|Except All)$/;
const AGGREGATE = /^(?:(Partial|Finalize) )?((?:Group|Hash|Mixed)?Aggregate)$/;
const MODIFY = /^(Foreign )?(Insert|Update|Delete|Merge)$/;

/** @param text "Parallel Index Only Scan Backward", without what follows " using " or " on " */
export function nodeTypeOf(text: string): NodeType {
  let rest = text;
  const take = (word: string): boolean => {
    if (!rest.startsWith(word)) return false;
    rest = rest.slice(word.length);
    return true;
  };
  const parallel = take('Parallel ');
  const asynchronous = take('Async ');
  const found = specialType(rest);
  const { 'Node Type': kind, ...special } = found ?? { 'Node Type': rest };
  return {
    kind,
    known: found !== undefined || PLAIN.has(rest),
    parallel,
    asynchronous,
    special: Object.entries(special),
  };
}

type Special = { readonly 'Node Type': string } & Readonly<Record<string, string>>;

function specialType(text: string): Special | undefined {
  if (text === 'Nested Loop') return { 'Node Type': 'Nested Loop', 'Join Type': 'Inner' };
  if (text === 'Foreign Scan') return { 'Node Type': 'Foreign Scan', Operation: 'Select' };
  if (text === 'Index Scan' || text === 'Index Only Scan') return { 'Node Type': text, 'Scan Direction': 'Forward' };
  if (PLAIN.has(text)) return undefined;
  if (text.endsWith(' Backward')) return { 'Node Type': text.slice(0, -9), 'Scan Direction': 'Backward' };
  const join = JOIN.exec(text);
  if (join !== null) {
    const type = join[1] === 'Nested Loop' ? 'Nested Loop' : `${join[1] ?? ''} Join`;
    return { 'Node Type': type, 'Join Type': join[2] ?? 'Inner' };
  }
  const aggregate = AGGREGATE.exec(text);
  if (aggregate !== null) {
    const strategy = STRATEGIES[aggregate[2] ?? ''] ?? 'Plain';
    return { 'Node Type': 'Aggregate', Strategy: strategy, 'Partial Mode': aggregate[1] ?? 'Simple' };
  }
  const modify = MODIFY.exec(text);
  if (modify !== null)
    return { 'Node Type': modify[1] === undefined ? 'ModifyTable' : 'Foreign Scan', Operation: modify[2] ?? '' };
  const setOperation = SET_OPERATION.exec(text);
  if (setOperation !== null) {
    const strategy = setOperation[1] === undefined ? 'Sorted' : 'Hashed';
    return { 'Node Type': 'SetOp', Strategy: strategy, Command: setOperation[2] ?? '' };
  }
  const custom = /^Custom Scan \((.*)\)$/s.exec(text);
  if (custom !== null) return { 'Node Type': 'Custom Scan', 'Custom Plan Provider': custom[1] ?? '' };
  return undefined;
}
