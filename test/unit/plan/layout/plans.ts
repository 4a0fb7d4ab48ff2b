import { readPlan } from '../../../../src/plan/read';
import type { Plan } from '../../../../src/plan/model';

interface Node {
  readonly 'Node Type': string;
  readonly [name: string]: unknown;
  readonly Plans: Node[];
}

const FIGURES = { 'Startup Cost': 0, 'Total Cost': 10, 'Plan Rows': 5, 'Plan Width': 4 };

/** An Append of `count − 1` scans that took 1, 2, 3 … ms. */
export function append(count: number): Plan {
  const scans = Array.from({ length: count - 1 }, (_, place) => ({
    'Node Type': 'Seq Scan',
    'Parent Relationship': 'Member',
    'Relation Name': `part_${place}`,
    ...FIGURES,
    ...actual(place + 1, place),
  }));
  const sum = (count * (count - 1)) / 2;
  return readPlan(
    JSON.stringify([{ Plan: { 'Node Type': 'Append', ...FIGURES, ...actual(sum + 10, count), Plans: scans } }]),
  );
}

/** One below the other. */
export function chain(count: number): Plan {
  let text = '{"Node Type": "Seq Scan", "Relation Name": "t"}';
  for (let level = 1; level < count; level++) text = `{"Node Type": "Materialize", "Plans": [${text}]}`;
  return readPlan(`[{"Plan": ${text}}]`);
}

/** Each node but the first hangs on one of the `reach` before it: the fewer, the deeper. */
export function randomTree(count: number, random: () => number, reach = 20): Plan {
  const nodes: Node[] = [{ 'Node Type': 'Result', Plans: [] }];
  while (nodes.length < count) {
    const node: Node = { 'Node Type': `Type ${nodes.length % 3}`, Plans: [] };
    nodes[nodes.length - 1 - Math.floor(random() * Math.min(reach, nodes.length))]?.Plans.push(node);
    nodes.push(node);
  }
  return readPlan(JSON.stringify([{ Plan: nodes[0] }]));
}

export function actual(ms: number, rows: number, loops = 1): object {
  return { 'Actual Startup Time': 0, 'Actual Total Time': ms, 'Actual Rows': rows, 'Actual Loops': loops };
}
