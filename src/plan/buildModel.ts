import { detailsOf, extrasOf, oneLine } from './details';
import { estimateFactors } from './estimate';
import type { Plan, PlanNode } from './model';
import { figureOf, isProperties, textOf, type RawPlan } from './raw';
import { spentOf, type Spent } from './spent';
import { stepsOf, type Step } from './steps';

/**
 * From what EXPLAIN printed to what it means. In steps, each of which needs only those before it:
 * 1 the tree as a list (steps.ts) · 2 processes that ran each node (processes.ts) · 3 where CTEs and InitPlans ran
 * (subplans.ts) · 4 time and buffers, inclusive and exclusive (spent.ts) · 5 estimates (estimate.ts) · 6 the rest, in words
 * (details.ts).
 */
export function buildModel(raw: RawPlan): Plan {
  const steps = stepsOf(raw.root);
  const spent = spentOf(steps);
  const factors = estimateFactors(steps);
  const nodes = steps.map((step) => nodeOf(step, spent[step.id], factors[step.id]));
  const settings = raw.sections.get('Settings');
  return {
    nodes,
    planningMs: figureOf(raw.sections, 'Planning Time'),
    executionMs: figureOf(raw.sections, 'Execution Time') ?? figureOf(raw.sections, 'Total Runtime'),
    analyzed: steps.some((step) => step.loops !== undefined),
    settings: isProperties(settings)
      ? Object.fromEntries([...settings].map(([name, value]) => [name, oneLine(value)]))
      : {},
    extras: extrasOf(raw.sections),
  };
}

function nodeOf(step: Step, spent: Spent | undefined, estimateFactor: number | undefined): PlanNode {
  const { id, parent, children, depth, properties, type, relationship, subplan, rows, loops, neverExecuted } = step;
  return {
    id,
    parent,
    children,
    depth,
    type,
    schema: textOf(properties, 'Schema'),
    relation: textOf(properties, 'Relation Name'),
    alias: textOf(properties, 'Alias'),
    index: textOf(properties, 'Index Name'),
    relationship,
    subplan,
    startupCost: figureOf(properties, 'Startup Cost'),
    totalCost: figureOf(properties, 'Total Cost'),
    planRows: step.planRows,
    planWidth: figureOf(properties, 'Plan Width'),
    rows,
    loops,
    totalRows: rows === undefined || loops === undefined ? undefined : rows * loops,
    startupMs: neverExecuted ? undefined : figureOf(properties, 'Actual Startup Time'),
    inclusiveMs: spent?.inclusiveMs,
    exclusiveMs: spent?.exclusiveMs,
    errorMs: spent?.errorMs,
    clamped: spent?.clamped ?? false,
    buffers: spent?.buffers,
    exclusiveBuffers: spent?.exclusiveBuffers,
    neverExecuted,
    estimateFactor,
    details: detailsOf(properties),
  };
}
