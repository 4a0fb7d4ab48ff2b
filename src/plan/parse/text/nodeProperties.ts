import type { Properties } from './draft';
import type { NodeType } from './nodeType';
import { putTarget } from './target';

/** What stands in brackets behind a node's name; undefined what doesn't. */
export interface Figures {
  readonly startupCost: number | undefined;
  readonly totalCost: number | undefined;
  readonly planRows: number | undefined;
  readonly width: number | undefined;
  readonly startupMs: number | undefined;
  readonly totalMs: number | undefined;
  readonly rows: number | undefined;
  readonly loops: number | undefined;
}

export const NO_FIGURES: Figures = {
  startupCost: undefined,
  totalCost: undefined,
  planRows: undefined,
  width: undefined,
  startupMs: undefined,
  totalMs: undefined,
  rows: undefined,
  loops: undefined,
};

/**
 * A node's properties, with room for what the lines below it will say: V8 gives what `new` makes as many places as the first
 * few came to need, while an object that begins as `{}` is moved each time it has grown by three. A plain object like any other.
 */
function Properties(
  this: Properties,
  { kind, special, parallel, asynchronous }: NodeType,
  index: string | undefined,
  target: string | undefined,
  figures: Figures,
): void {
  this['Node Type'] = kind;
  for (const [name, value] of special) this[name] = value;
  this['Parallel Aware'] = parallel;
  this['Async Capable'] = asynchronous;
  if (index !== undefined) this['Index Name'] = index;
  if (target !== undefined) putTarget(this, kind, target);
  if (figures.totalCost !== undefined) {
    this['Startup Cost'] = figures.startupCost ?? 0;
    this['Total Cost'] = figures.totalCost;
    this['Plan Rows'] = figures.planRows ?? 0;
    this['Plan Width'] = figures.width ?? 0;
  }
  if (figures.totalMs !== undefined) {
    this['Actual Startup Time'] = figures.startupMs ?? 0;
    this['Actual Total Time'] = figures.totalMs;
  }
  if (figures.loops !== undefined) {
    this['Actual Rows'] = figures.rows ?? 0;
    this['Actual Loops'] = figures.loops;
  }
}
Properties.prototype = Object.prototype;

export const NodeProperties = Properties as unknown as new (...parts: Parameters<typeof Properties>) => Properties;
