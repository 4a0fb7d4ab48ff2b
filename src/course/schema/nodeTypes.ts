/**
 * Names of plan nodes as EXPLAIN's text form prints them (explain.c, ExplainNode, PostgreSQL 14–18). A name without
 * "Parallel", "Partial" or a join type stands for all of its forms: "Hash Join" is met by a Parallel Hash Left Join.
 */
const PLAIN = [
  'Seq Scan',
  'Sample Scan',
  'Index Scan',
  'Index Scan Backward',
  'Index Only Scan',
  'Index Only Scan Backward',
  'Bitmap Heap Scan',
  'Bitmap Index Scan',
  'Tid Scan',
  'Tid Range Scan',
  'Subquery Scan',
  'Function Scan',
  'Table Function Scan',
  'Values Scan',
  'CTE Scan',
  'Named Tuplestore Scan',
  'WorkTable Scan',
  'Foreign Scan',
  'Custom Scan',
  'Nested Loop',
  'Merge Join',
  'Hash Join',
  'Hash',
  'Materialize',
  'Memoize',
  'Sort',
  'Incremental Sort',
  'Group',
  'Aggregate',
  'GroupAggregate',
  'HashAggregate',
  'MixedAggregate',
  'WindowAgg',
  'Unique',
  'SetOp',
  'HashSetOp',
  'LockRows',
  'Limit',
  'Append',
  'Merge Append',
  'Recursive Union',
  'BitmapAnd',
  'BitmapOr',
  'Gather',
  'Gather Merge',
  'Result',
  'ProjectSet',
  'ModifyTable',
  'Insert',
  'Update',
  'Delete',
  'Merge',
] as const;

const JOIN_TYPES = ['Left', 'Right', 'Full', 'Semi', 'Anti', 'Right Semi', 'Right Anti'];

const PARALLEL = ['Seq Scan', 'Index Scan', 'Index Only Scan', 'Bitmap Heap Scan', 'Hash', 'Hash Join', 'Append'];

const AGGREGATES = ['Aggregate', 'GroupAggregate', 'HashAggregate'];

export const NODE_TYPES: readonly string[] = [
  ...PLAIN,
  ...JOIN_TYPES.flatMap((type) => [`Hash ${type} Join`, `Merge ${type} Join`, `Nested Loop ${type} Join`]),
  ...PARALLEL.map((type) => `Parallel ${type}`),
  ...JOIN_TYPES.map((type) => `Parallel Hash ${type} Join`),
  ...AGGREGATES.flatMap((type) => [`Partial ${type}`, `Finalize ${type}`]),
];
