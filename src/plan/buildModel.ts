import { besideOf } from './beside';
import { setDisabled } from './disabled';
import { setEstimates } from './estimate';
import type { Plan, PlanFormat } from './model';
import { draftsOf } from './nodes';
import { setProcesses } from './processes';
import type { RawPlan } from './raw';
import { setSpent } from './spent';
import { scansOfCtes } from './subplans';
import { endsOf } from './tree';

/**
 * From what EXPLAIN printed to what it means, in steps, each of which needs only those before it. Each node is one object
 * (`Draft`) that the steps complete; each step is linear in the nodes.
 *
 * 1. The tree as a list, with what was printed of each node; zeros of what never ran are no measurements (nodes.ts).
 * 2. The processes that ran each node: under a Gather, loops are a sum over them and times a mean (processes.ts).
 * 3. Where the work of CTEs was done: in the scans that pulled their rows, by nearest name (subplans.ts).
 * 4. Time, buffers, I/O and WAL, inclusive and exclusive, with what rounding can have done to a time; InitPlans charged once,
 *    to the node that can have run them (spent.ts, subplans.ts).
 * 5. Estimates: rows planned against rows measured, where the comparison means something (estimate.ts).
 * 6. Nodes that were switched off and taken all the same (disabled.ts).
 * 7. What stands beside the tree: planning, execution, triggers, JIT, serialization, settings (beside.ts).
 *
 * What EXPLAIN prints and when is from PostgreSQL's src/backend/commands/explain.c, 14–19.
 */
export function buildModel(raw: RawPlan, format: PlanFormat): Plan {
  const nodes = draftsOf(raw);
  const ends = endsOf(nodes);
  const gathers = setProcesses(nodes);
  const scans = scansOfCtes(nodes, ends);
  setSpent(nodes, ends, gathers, scans);
  setEstimates(nodes, scans);
  setDisabled(nodes);
  return { nodes, format, ...besideOf(raw.sections, nodes) };
}
