/** A kind of expectation, for the docs and for snippets. */
export interface Kind {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** A whole item of `expect`, in YAML. */
  readonly example: string;
}

/** In the order of the docs: the most used first. A test parses every example. */
export const KINDS: readonly Kind[] = [
  {
    name: 'rows',
    summary: 'The last query of the file returns the rows of the solution’s.',
    example: `- rows:
    order: [total desc, id]
    columns: true
    types: true
    tolerance: 0.01
    variant: true
`,
  },
  {
    name: 'plan',
    summary: 'How a query is planned, and what it costs in blocks and rows.',
    example: `- plan:
    query: SELECT id, total FROM orders WHERE customer_id = $1 AND created_at >= $2
    parameters:
      - [4242, '2025-01-01']
      - [17, '2024-01-01']
    reads: { orders: { by: index, on: [customer_id, created_at] } }
    avoids: [Sort]
    spills: none
    buffers: { at-most: 1.5 x solution }
  points: 3
`,
  },
  {
    name: 'index',
    summary: 'An index that there is, or is not, whatever it is called.',
    example: `- index:
    table: orders
    on: [customer_id, created_at]
    include: [total]
    method: btree
`,
  },
  {
    name: 'table',
    summary: 'Columns, constraints, partitions and storage parameters of a table.',
    example: `- table:
    name: orders
    columns: { id: bigint, status: { not-null: true, statistics: 500 } }
    primary-key: [id]
    foreign-keys: { customer_id: customers }
    options: { fillfactor: 70, autovacuum_vacuum_scale_factor: { at-most: 0.05 } }
`,
  },
  {
    name: 'setting',
    summary: 'What a setting is, and where it was set.',
    example: `- setting:
    name: work_mem
    at-least: 64MB
    scope: role
`,
  },
  {
    name: 'state',
    summary: 'A query over the database returns true.',
    example: `- state:
    query: SELECT count(*) = 0 FROM pg_prepared_xacts
    message: A prepared transaction is still open.
`,
  },
  {
    name: 'answer',
    summary: 'What stands behind “-- answer:” is what the database says now.',
    example: `- answer:
    plan:
      query: SELECT count(*) FROM orders WHERE status = 'new'
      node: { relation: orders }
      take: buffers
    tolerance: 2 %
`,
  },
  {
    name: 'choice',
    summary: 'One or several of some options are right.',
    example: `- choice:
    options:
      seq: A sequential scan
      index:
        text: An index scan
        message: Two thirds of the rows match. How many blocks would it save?
    right: seq
    explanation: Most blocks hold a matching row, so all are read anyway, in order.
`,
  },
  {
    name: 'checklist',
    summary: 'Boxes that the student ticks.',
    example: `- checklist:
    items:
      restore: A restore was tried this month.
      alerts:
        text: Somebody is called at night.
        optional: true
`,
  },
  {
    name: 'data',
    summary: 'The data set’s tables still hold its rows.',
    example: `- data: unchanged
`,
  },
];
