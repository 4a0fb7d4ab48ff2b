import { useMemo } from 'preact/hooks';
import type { Finding } from '../../plan/findings/finding';
import type { Plan } from '../../plan/model';
import { describeNode, formatCount, formatMs, formatShort, nodeTitle } from '../../plan/words';
import { Badge } from '../kit/plain';
import { WarningIcon } from '../kit/icons';
import { columnsOf, type Totals, totalsOnce } from './columns';
import { target } from './figures';
import { type Folding, placesOf, type PlanRow, rowShowing, rowsOf, type Tree } from './rows';
import { misestimate, type Scale, share } from './scale';
import { type Look, type Mark, TreeGrid } from './TreeGrid';

interface PlanTreeProps {
  readonly plan: Plan;
  readonly tree: Tree;
  readonly scale: Scale;
  readonly findings: ReadonlyMap<number, readonly Finding[]>;
  readonly matches: ReadonlySet<number> | undefined;
  readonly folding: Folding;
  /** A row's key. */
  readonly selected: number;
  readonly reveal: number;
  readonly top: number;
  readonly total: boolean;
  readonly onTotal: (total: boolean) => void;
  readonly onScroll: (top: number) => void;
  readonly onSelect: (key: number) => void;
  readonly onToggle: (key: number) => void;
}

export function PlanTree(props: PlanTreeProps) {
  const { plan, tree, scale, folding, total } = props;
  const rows = useMemo(() => rowsOf(tree, folding), [tree, folding]);
  const places = useMemo(() => placesOf(rows), [rows]);
  const totals = useMemo(() => totalsOnce(plan, tree), [plan, tree]);
  const counts = useMemo(() => countsBelow(plan, props.findings), [plan, props.findings]);
  const columns = useMemo(() => columnsOf(plan, scale, totals, total, props.onTotal), [plan, scale, totals, total]);
  const look = useMemo<Look<PlanRow>>(
    () => ({
      titleOf: (row, { found }) => <Title row={row} plan={plan} scale={scale} totals={totals} found={found} />,
      describe: (row, mark) => describe(row, plan, scale, totals, mark),
    }),
    [plan, scale, totals],
  );
  const found = (row: PlanRow): number =>
    row.group === undefined
      ? row.expanded === false
        ? counts.below(row.id)
        : counts.of(row.id)
      : row.expanded === true
        ? 0
        : row.group.members.reduce((sum, id) => sum + counts.below(id), 0);

  return (
    <TreeGrid
      name="Plan"
      rows={rows}
      columns={columns}
      selected={rowShowing(tree, places, props.selected)}
      deepest={scale.deepest}
      reveal={props.reveal}
      top={props.top}
      onScroll={props.onScroll}
      onSelect={(row) => props.onSelect(row.key)}
      onToggle={(row) => props.onToggle(row.key)}
      look={look}
      markOf={(row) => ({ classes: classesOf(row, plan, scale, props.matches), found: found(row) })}
    />
  );
}

/** How many findings a node has, and how many with all that is below it. */
function countsBelow(plan: Plan, findings: ReadonlyMap<number, readonly Finding[]>) {
  const below = plan.nodes.map(({ id }) => findings.get(id)?.length ?? 0);
  // In pre-order, children come after their parent.
  for (let id = below.length - 1; id > 0; id--) {
    const parent = plan.nodes[id]?.parent;
    if (parent !== undefined) below[parent] = (below[parent] ?? 0) + (below[id] ?? 0);
  }
  return { of: (id: number) => findings.get(id)?.length ?? 0, below: (id: number) => below[id] ?? 0 };
}

function classesOf(row: PlanRow, plan: Plan, { costliest }: Scale, matches: ReadonlySet<number> | undefined): string {
  const most = row.group === undefined && (row.id === costliest.time || row.id === costliest.buffers);
  const never = row.group === undefined && plan.nodes[row.id]?.neverExecuted === true;
  const hit = matches !== undefined && isHit(row, matches);
  return [most ? 'most' : '', never ? 'never' : '', hit ? HIT : ''].filter((word) => word !== '').join(' ');
}

const HIT = 'hit';

function isHit({ id, group, expanded }: PlanRow, matches: ReadonlySet<number>): boolean {
  if (group === undefined) return matches.has(id);
  return expanded !== true && group.members.some((member) => matches.has(member));
}

function Title(props: { row: PlanRow; plan: Plan; scale: Scale; totals: Totals; found: number }) {
  const { row, plan, scale, found } = props;
  const node = plan.nodes[row.id];
  const mark =
    found === 0 ? null : (
      <span class="tree-findings" title={findingsWord(found)}>
        <WarningIcon />
        {found > 1 ? formatShort(found) : ''}
      </span>
    );
  const group = props.totals(row);
  if (node === undefined) return null;
  if (group !== undefined) {
    return (
      <>
        <Badge>{formatCount(group.count)} alike</Badge>
        <span class="tree-name">
          <span>{node.type}</span>
          <span class="dim"> {group.pattern === undefined ? '' : `on ${group.pattern}`}</span>
        </span>
        {mark}
        {group.neverExecuted === 0 ? null : (
          <Badge>
            {group.neverExecuted === group.count ? '' : `${formatCount(group.neverExecuted)} `}never executed
          </Badge>
        )}
      </>
    );
  }
  const place = target(node);
  const { time, buffers } = scale.costliest;
  const badges = [
    node.neverExecuted ? <Badge key="never">never executed</Badge> : null,
    node.id === time ? (
      <Badge key="time" tone="marked">
        most time
      </Badge>
    ) : null,
    node.id === buffers ? (
      <Badge key="buffers" tone="marked">
        most buffers
      </Badge>
    ) : null,
  ].filter((badge) => badge !== null);
  return (
    <>
      <span class="tree-name" title={nodeTitle(node)}>
        {node.subplan === undefined ? null : <span class="dim">{node.subplan} · </span>}
        <span>{node.type}</span>
        {place === '' ? null : <span class="dim"> {place}</span>}
      </span>
      {mark}
      {badges.length === 0 ? null : <span class="tree-badges">{badges}</span>}
    </>
  );
}

function findingsWord(found: number): string {
  return found === 1 ? '1 finding' : `${formatCount(found)} findings`;
}

/** A row in one sentence, for who hears it. */
function describe(
  row: PlanRow,
  plan: Plan,
  { costliest, allMs }: Scale,
  totals: Totals,
  { found, classes }: Mark,
): string {
  const node = plan.nodes[row.id];
  const group = totals(row);
  if (node === undefined) return '';
  const hit = classes.endsWith(HIT) ? 'found' : undefined;
  const findings = found === 0 ? undefined : findingsWord(found);
  if (group !== undefined) {
    const parts = [
      `${formatCount(group.count)} alike: ${node.type}${group.pattern === undefined ? '' : ` on ${group.pattern}`}`,
      group.neverExecuted === 0 ? undefined : `${formatCount(group.neverExecuted)} never executed`,
      group.rows === undefined ? undefined : `${formatCount(group.rows)} rows in all`,
      group.inclusiveMs === undefined ? undefined : `${formatMs(group.inclusiveMs)} in all`,
      findings,
      hit,
    ];
    return parts.filter((part) => part !== undefined).join(', ');
  }
  const off = misestimate(node);
  const part = share(node.exclusiveMs, allMs);
  const parts = [
    describeNode(node),
    part === '' ? undefined : `${part} of the time`,
    off === undefined ? undefined : `${off} than estimated`,
    node.id === costliest.time ? 'most time' : undefined,
    node.id === costliest.buffers ? 'most buffers' : undefined,
    node.totalRows === undefined && node.totalCost !== undefined ? `cost ${formatCount(node.totalCost)}` : undefined,
    findings,
    hit,
  ];
  return parts.filter((words) => words !== undefined).join(', ');
}
