/** The columns of the tree. */
import { type AlikeTotals, alikeTotals } from '../../plan/alike';
import { type Plan, type PlanNode, sharedBuffers } from '../../plan/model';
import { formatCount, formatMs, formatShort } from '../../plan/words';
import { Badge } from '../kit/plain';
import type { PlanRow, Tree } from './rows';
import { estimatedRows, exclusiveShared, misestimate, type Scale, share } from './scale';
import { Bar, type Column } from './TreeGrid';

/** Of a row of alike nodes; undefined for others. */
export type Totals = (row: PlanRow) => AlikeTotals | undefined;

/** Each group is summed once, when its row is first seen. */
export function totalsOnce(plan: Plan, { alike }: Tree): Totals {
  const known = new Map<number, AlikeTotals>();
  return ({ id, group }) => {
    if (group === undefined || alike.get(id) === undefined) return undefined;
    const totals = known.get(id) ?? alikeTotals(plan, group);
    known.set(id, totals);
    return totals;
  };
}

/** Only those that this plan has figures for. */
export function columnsOf(
  plan: Plan,
  scale: Scale,
  totals: Totals,
  total: boolean,
  onTotal: (total: boolean) => void,
): readonly Column<PlanRow>[] {
  const figures = (row: PlanRow): Figures => figuresOf(row, plan, totals);
  const columns: Column<PlanRow>[] = [];
  const onSwitch = (): void => onTotal(!total);
  const how = total ? 'With its children. Press for the node’s own' : 'Without its children. Press for them all';
  if (scale.hasTime) {
    const value = (row: PlanRow): number | undefined => (total ? figures(row).totalMs : figures(row).ownMs);
    columns.push({
      name: total ? 'Total time' : 'Own time',
      title: how,
      width: 168,
      priority: 1,
      onSwitch,
      hasBar: true,
      cell: (row) => (
        <Bar
          value={value(row)}
          most={total ? scale.allMs : scale.mostMs}
          words={formatMs}
          share={share(value(row), scale.allMs)}
          kind="time"
        />
      ),
    });
  }
  if (plan.analyzed) {
    columns.push({
      name: 'Rows',
      title: 'Rows that came, all loops',
      width: 84,
      priority: 3,
      cell: (row) => count(figures(row).rows),
    });
    if (scale.hasMisestimate) {
      columns.push({
        name: 'Off by',
        title: 'Rows differ from the estimate by ten times or more',
        width: 92,
        priority: 4,
        cell: (row) => (row.group === undefined ? <Estimate node={plan.nodes[row.id]} /> : null),
      });
    }
  }
  columns.push({
    name: plan.analyzed ? 'Estimated' : 'Rows',
    title: 'Rows the planner expected, all loops',
    width: 84,
    priority: plan.analyzed ? 6 : 2,
    cell: (row) => <span class={plan.analyzed ? 'dim' : ''}>{count(figures(row).planRows)}</span>,
  });
  if (plan.analyzed && scale.hasLoops) {
    columns.push({
      name: 'Loops',
      title: 'How many times it ran',
      width: 64,
      priority: 5,
      cell: (row) => {
        const { loops } = figures(row);
        return loops === undefined || loops < 2 ? '' : <span class="dim">×{short(loops)}</span>;
      },
    });
  }
  if (scale.hasBuffers) {
    const value = (row: PlanRow): number | undefined => (total ? figures(row).totalBuffers : figures(row).ownBuffers);
    columns.push({
      name: total ? 'Total buffers' : 'Own buffers',
      title: `Blocks of 8 kB. ${how}`,
      width: 132,
      priority: 2,
      onSwitch,
      hasBar: true,
      cell: (row) => (
        <Bar value={value(row)} most={total ? scale.allBuffers : scale.mostBuffers} words={short} kind="buffers" />
      ),
    });
  }
  if (!plan.analyzed && scale.hasCost) {
    columns.push(
      {
        name: 'First row',
        title: 'Cost until the first row',
        width: 90,
        priority: 4,
        cell: (row) => count(figures(row).startupCost),
      },
      {
        name: 'Cost',
        title: 'Cost in all, with its children',
        width: 100,
        priority: 3,
        cell: (row) => count(figures(row).cost),
      },
    );
  }
  return columns;
}

interface Figures {
  readonly ownMs: number | undefined;
  readonly totalMs: number | undefined;
  readonly ownBuffers: number | undefined;
  readonly totalBuffers: number | undefined;
  readonly rows: number | undefined;
  readonly planRows: number | undefined;
  readonly loops: number | undefined;
  readonly startupCost: number | undefined;
  readonly cost: number | undefined;
}

/** A row of alike nodes stands for all that is below it: its own figures are those with its children. */
function figuresOf(row: PlanRow, plan: Plan, totals: Totals): Figures {
  const group = totals(row);
  const node = plan.nodes[row.id];
  const ran = node?.neverExecuted !== true;
  if (group !== undefined) {
    const buffers = group.buffers === undefined ? undefined : sharedBuffers(group.buffers);
    return {
      ownMs: group.inclusiveMs,
      totalMs: group.inclusiveMs,
      ownBuffers: buffers,
      totalBuffers: buffers,
      rows: group.rows,
      planRows: group.planRows,
      loops: undefined,
      startupCost: undefined,
      cost: group.totalCost,
    };
  }
  return {
    ownMs: ran ? node?.exclusiveMs : undefined,
    totalMs: ran ? node?.inclusiveMs : undefined,
    ownBuffers: ran && node !== undefined ? exclusiveShared(node) : undefined,
    totalBuffers: ran && node?.buffers !== undefined ? sharedBuffers(node.buffers) : undefined,
    rows: ran ? node?.totalRows : undefined,
    planRows: node === undefined ? undefined : estimatedRows(node),
    loops: node?.loops,
    startupCost: node?.startupCost,
    cost: node?.totalCost,
  };
}

function Estimate({ node }: { node: PlanNode | undefined }) {
  const off = node === undefined ? undefined : misestimate(node);
  return off === undefined ? null : <Badge>{off}</Badge>;
}

/** In full as long as it is short enough for its column. */
function short(value: number): string {
  return value < 1e6 ? formatCount(value) : formatShort(value);
}

function count(value: number | undefined): string {
  return value === undefined ? '' : short(value);
}
