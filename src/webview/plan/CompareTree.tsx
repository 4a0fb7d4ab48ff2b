import { useMemo } from 'preact/hooks';
import type { Comparison, Pair } from '../../plan/compare/comparison';
import { type PlanNode, sharedBuffers } from '../../plan/model';
import { formatCount, formatMs, formatShort, nodeTitle } from '../../plan/words';
import { Badge } from '../kit/plain';
import { type Row, rowsByDepth } from './rows';
import { estimatedRows, exclusiveShared } from './scale';
import { type Column, type Look, TreeGrid } from './TreeGrid';

interface CompareTreeProps {
  readonly comparison: Comparison;
  readonly folded: ReadonlySet<number>;
  /** Place in `comparison.pairs`. */
  readonly selected: number;
  readonly reveal: number;
  readonly top: number;
  readonly total: boolean;
  readonly onTotal: (total: boolean) => void;
  readonly onScroll: (top: number) => void;
  readonly onSelect: (pair: number) => void;
  readonly onToggle: (pair: number) => void;
}

/** What the pair's sides are, each undefined where it has none. */
export interface Sides {
  readonly pair: Pair;
  readonly before: PlanNode | undefined;
  readonly after: PlanNode | undefined;
}

export function sidesOf({ before, after, pairs }: Comparison, place: number): Sides | undefined {
  const pair = pairs[place];
  if (pair === undefined) return undefined;
  return {
    pair,
    before: pair.before === undefined ? undefined : before.nodes[pair.before],
    after: pair.after === undefined ? undefined : after.nodes[pair.after],
  };
}

/** Both plans as one tree: what changed, and each figure before and after. */
export function CompareTree(props: CompareTreeProps) {
  const { comparison, folded, selected, total } = props;
  const depths = useMemo(() => comparison.pairs.map(({ depth }) => depth), [comparison]);
  const rows = useMemo(() => rowsByDepth(depths, folded), [depths, folded]);
  const deepest = useMemo(() => depths.reduce((most, depth) => Math.max(most, depth), 1), [depths]);
  const columns = useMemo(() => columnsOf(comparison, total, props.onTotal), [comparison, total]);
  const look = useMemo<Look<Row>>(
    () => ({
      titleOf: ({ key }) => <Title sides={sidesOf(comparison, key)} />,
      describe: ({ key }) => describe(sidesOf(comparison, key)),
    }),
    [comparison],
  );
  return (
    <TreeGrid
      name="Changes"
      rows={rows}
      columns={columns}
      selected={rows.findIndex(({ key }) => key === selected)}
      deepest={deepest}
      reveal={props.reveal}
      top={props.top}
      onScroll={props.onScroll}
      onSelect={({ key }) => props.onSelect(key)}
      onToggle={({ key }) => props.onToggle(key)}
      look={look}
      markOf={({ key }) => ({ classes: comparison.pairs[key]?.change ?? '', found: 0 })}
    />
  );
}

function Title({ sides }: { sides: Sides | undefined }) {
  if (sides === undefined) return null;
  const { pair, before, after } = sides;
  const node = after ?? before;
  if (node === undefined) return null;
  const was = before !== undefined && after !== undefined && nodeTitle(before) !== nodeTitle(after);
  return (
    <>
      {pair.change === 'same' ? null : (
        <Badge tone={pair.change === 'changed' ? 'plain' : 'marked'}>{pair.change}</Badge>
      )}
      <span class="tree-name" title={[nodeTitle(node), ...pair.words].join('\n')}>
        <span>{nodeTitle(node)}</span>
        {was ? <span class="dim"> was {nodeTitle(before)}</span> : null}
      </span>
    </>
  );
}

function columnsOf(comparison: Comparison, total: boolean, onTotal: (total: boolean) => void): readonly Column<Row>[] {
  const nodes = [comparison.before.nodes, comparison.after.nodes];
  const some = (figure: (node: PlanNode) => number | undefined): boolean =>
    nodes.some((all) => all.some((node) => figure(node) !== undefined));
  const column = (
    name: string,
    title: string,
    priority: number,
    figure: (node: PlanNode) => number | undefined,
    words: (value: number) => string,
    onSwitch?: () => void,
  ): Column<Row> => ({
    name,
    title: `${title}, before and after`,
    width: 156,
    priority,
    ...(onSwitch === undefined ? {} : { onSwitch }),
    cell: ({ key }) => <Change sides={sidesOf(comparison, key)} figure={figure} words={words} />,
  });
  const onSwitch = (): void => onTotal(!total);
  const ms = (node: PlanNode): number | undefined => (total ? node.inclusiveMs : node.exclusiveMs);
  const blocks = (node: PlanNode): number | undefined =>
    total ? node.buffers && sharedBuffers(node.buffers) : exclusiveShared(node);
  const columns: Column<Row>[] = [];
  const how = total ? 'with its children' : 'without its children';
  if (some(ms)) columns.push(column(total ? 'Total time' : 'Own time', `Time ${how}`, 2, ms, formatMs, onSwitch));
  const rows = (node: PlanNode): number | undefined => node.totalRows ?? estimatedRows(node);
  columns.push(column('Rows', 'Rows of all loops', 3, rows, short));
  if (some(blocks)) {
    const name = total ? 'Total buffers' : 'Own buffers';
    columns.push(column(name, `Blocks of 8 kB ${how}`, 1, blocks, short, onSwitch));
  } else if (!some(ms)) {
    columns.push(column('Cost', 'Cost in all', 2, (node) => node.totalCost, short));
  }
  return columns;
}

function Change(props: {
  sides: Sides | undefined;
  figure: (node: PlanNode) => number | undefined;
  words: (value: number) => string;
}) {
  const of = (node: PlanNode | undefined): string => {
    const value = node === undefined || node.neverExecuted ? undefined : props.figure(node);
    return value === undefined ? '–' : props.words(value);
  };
  const [before, after] = [of(props.sides?.before), of(props.sides?.after)];
  if (before === after) return <span class="dim">{before}</span>;
  return (
    <>
      <span class="dim">{before} → </span>
      <span class="change-after">{after}</span>
    </>
  );
}

function short(value: number): string {
  return value < 1e5 ? formatCount(value) : formatShort(value);
}

/** A pair in one sentence, for who hears it. */
function describe(sides: Sides | undefined): string {
  const node = sides?.after ?? sides?.before;
  if (sides === undefined || node === undefined) return '';
  const { change, words } = sides.pair;
  return [nodeTitle(node), change === 'same' ? 'unchanged' : change, ...words].join(', ');
}
