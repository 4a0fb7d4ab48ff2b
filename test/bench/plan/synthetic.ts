/** Plans of a given size, as PostgreSQL 17 prints them: the same in each format, the same each time. */

/** An Append over n − 1 partitions, each with its own Seq Scan: what the peers were measured with. */
export function append(nodes: number): object {
  const scans = Array.from({ length: nodes - 1 }, (_, place) =>
    scan(`orders_${String(place).padStart(5, '0')}`, place),
  );
  return explained({
    'Node Type': 'Append',
    'Parallel Aware': false,
    'Async Capable': false,
    ...figures(9999, 0.01, nodes * 0.05, nodes * 12),
    'Subplans Removed': 0,
    Plans: scans,
  });
}

/** Joins of 10 tables each below one Append, no two of them of the same kinds in the same places: nothing is alike. */
export function mixed(nodes: number): object {
  const subtrees: object[] = [];
  for (let place = 0; subtrees.length * 29 + 1 < nodes; place++) subtrees.push(joins(place));
  return explained({
    'Node Type': 'Append',
    'Parallel Aware': false,
    'Async Capable': false,
    ...figures(9999, 0.01, nodes * 0.05, nodes * 12),
    'Subplans Removed': 0,
    Plans: subtrees,
  });
}

/** 10 tables, 9 joins: 28 or more nodes, whose kinds are the digits of `place`. */
function joins(place: number): object {
  let tree = scan(`t${place}_0`, place);
  for (let join = 1; join <= 9; join++) {
    const inner = { ...scan(`t${place}_${join}`, place + join), 'Parent Relationship': 'Outer' };
    const hashed = ((place >> (join - 1)) & 1) === 0;
    tree = {
      'Node Type': hashed ? 'Hash Join' : 'Nested Loop',
      'Parent Relationship': 'Outer',
      'Join Type': join % 2 === 0 ? 'Left' : 'Inner',
      ...figures(100, 0.1, 1 + join * 0.2, 24 * join),
      ...(hashed ? { 'Hash Cond': `(t${place}_${join}.id = t${place}_0.id)` } : {}),
      Plans: [
        { ...tree, 'Parent Relationship': 'Outer' },
        {
          'Node Type': hashed ? 'Hash' : 'Materialize',
          'Parent Relationship': 'Inner',
          ...figures(100, 0.05, 0.1, 12),
          Plans: [inner],
        },
      ],
    };
  }
  return { ...tree, 'Parent Relationship': 'Member' };
}

function scan(relation: string, place: number): object {
  return {
    'Node Type': 'Seq Scan',
    'Parent Relationship': 'Member',
    'Parallel Aware': false,
    'Async Capable': false,
    'Relation Name': relation,
    Alias: relation,
    ...figures(1 + (place % 90), 0.004, 0.03 + (place % 50) / 1000, 12),
    Filter: '(customer_id = 4242)',
    'Rows Removed by Filter': 900 + (place % 100),
  };
}

function figures(rows: number, startup: number, total: number, hit: number): object {
  return {
    'Startup Cost': 0.0,
    'Total Cost': total * 40,
    'Plan Rows': rows + 3,
    'Plan Width': 44,
    'Actual Startup Time': startup,
    'Actual Total Time': Number(total.toFixed(3)),
    'Actual Rows': rows,
    'Actual Loops': 1,
    'Shared Hit Blocks': hit,
    'Shared Read Blocks': 0,
    'Shared Dirtied Blocks': 0,
    'Shared Written Blocks': 0,
    'Local Hit Blocks': 0,
    'Local Read Blocks': 0,
    'Local Dirtied Blocks': 0,
    'Local Written Blocks': 0,
    'Temp Read Blocks': 0,
    'Temp Written Blocks': 0,
  };
}

function explained(plan: object): object {
  return { Plan: plan, 'Planning Time': 12.345, Triggers: [], 'Execution Time': 600.123 };
}

export function asJson(explain: object): string {
  return JSON.stringify([explain], null, 2);
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly Node[];
  readonly [name: string]: unknown;
}

/** EXPLAIN's text form of what `append` makes. */
export function asText(explain: object): string {
  const lines: string[] = [];
  const write = (node: Node, depth: number): void => {
    const indent = ' '.repeat(Math.max(0, depth * 6 - 4));
    const on = node['Relation Name'] === undefined ? '' : ` on ${node['Relation Name']}`;
    const cost = `cost=${Number(node['Startup Cost']).toFixed(2)}..${Number(node['Total Cost']).toFixed(2)} rows=${String(node['Plan Rows'])} width=44`;
    const actual = `actual time=${Number(node['Actual Startup Time']).toFixed(3)}..${Number(node['Actual Total Time']).toFixed(3)} rows=${String(node['Actual Rows'])} loops=1`;
    lines.push(`${indent}${depth === 0 ? '' : '->  '}${node['Node Type']}${on}  (${cost}) (${actual})`);
    const inside = ' '.repeat(depth * 6 + 2);
    if (node['Filter'] !== undefined) {
      lines.push(`${inside}Filter: ${node['Filter']}`);
      lines.push(`${inside}Rows Removed by Filter: ${String(node['Rows Removed by Filter'])}`);
    }
    lines.push(`${inside}Buffers: shared hit=${String(node['Shared Hit Blocks'])}`);
    for (const child of node.Plans ?? []) write(child, depth + 1);
  };
  write((explain as { Plan: Node }).Plan, 0);
  return [...lines, 'Planning Time: 12.345 ms', 'Execution Time: 600.123 ms', ''].join('\n');
}
