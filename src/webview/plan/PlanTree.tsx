import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Plan, PlanNode } from '../../plan/model';
import { describeNode, formatCount, formatMs, nodeTitle } from '../../plan/words';
import { Badge } from '../kit/controls';
import { ChevronIcon } from '../kit/icons';
import { useScroll } from '../kit/useScroll';
import { rowsInSight, scrollToShow } from '../kit/window';
import { target } from './figures';
import { estimatedRows, exclusiveShared, misestimate, rowsOf, type Scale, toggle, type Walk, walk } from './tree';

/** In CSS pixels; plan.css has the same. */
const ROW = 24;
const HEAD = 24;
/** One level's indent: less in deep plans, so that the names stay in sight. */
const INDENT = 14;
const DEEPEST = 220;

interface TreeProps {
  readonly plan: Plan;
  readonly scale: Scale;
  readonly at: Walk;
  /** Counts the demands to show the selected node. */
  readonly jumps: number;
  readonly onWalk: (to: Walk) => void;
}

export function PlanTree({ plan, scale, at, jumps, onWalk }: TreeProps) {
  const { nodes } = plan;
  const scroller = useRef<HTMLDivElement>(null);
  const sight = useScroll(scroller);
  const rows = useMemo(() => rowsOf(nodes, at.folded), [nodes, at.folded]);
  const siblings = useMemo(() => placesAmongSiblings(nodes), [nodes]);
  const columns = useMemo(() => columnsOf(plan, scale), [plan, scale]);
  const indent = useMemo(
    () => Math.min(INDENT, DEEPEST / nodes.reduce((deepest, node) => Math.max(deepest, node.depth), 1)),
    [nodes],
  );
  const selectedRow = rows.indexOf(at.selected);

  useEffect(() => {
    const element = scroller.current;
    if (element !== null && selectedRow >= 0) {
      // With the row above and the row below.
      const height = element.clientHeight - HEAD;
      const top = scrollToShow((selectedRow - 1) * ROW, (selectedRow + 2) * ROW, element.scrollTop, height);
      // No half rows at the top.
      element.scrollTop = Math.ceil(top / ROW) * ROW;
    }
  }, [at.selected, jumps]);
  useEffect(() => {
    if (jumps > 0) {
      scroller.current?.focus({ preventScroll: true });
    }
  }, [jumps]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const page = Math.max(1, Math.floor((sight.height - HEAD) / ROW) - 1);
    const to = walk(at, event.key, nodes, page);
    if (to !== undefined) {
      event.preventDefault();
      if (to !== at) {
        onWalk(to);
      }
    }
  };

  const { first, end } = rowsInSight(sight.top, sight.height - HEAD, ROW, rows.length, 8);
  const template = { gridTemplateColumns: `minmax(220px, 1fr) ${columns.map(({ width }) => `${width}px`).join(' ')}` };
  return (
    <div
      ref={scroller}
      class="tree"
      role="treegrid"
      tabIndex={0}
      aria-label="Plan"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      {...(selectedRow >= first && selectedRow < end ? { 'aria-activedescendant': `node-${at.selected}` } : {})}
      onKeyDown={onKeyDown}
    >
      <div class="tree-all" style={{ height: HEAD + rows.length * ROW }}>
        <div class="tree-head" role="row" aria-rowindex={1} style={template}>
          <span role="columnheader" aria-colindex={1}>
            Node
          </span>
          {columns.map(({ name, title }, index) => (
            <span key={name} role="columnheader" aria-colindex={index + 2} class="number" title={title}>
              {name}
            </span>
          ))}
        </div>
        {rows.slice(first, end).map((id, index) => {
          const node = nodes[id];
          if (node === undefined) {
            return null;
          }
          const [position, size] = siblings[id] ?? [1, 1];
          const folds = node.children.length > 0;
          const most = id === scale.costliest.time || id === scale.costliest.buffers;
          return (
            <div
              key={id}
              id={`node-${id}`}
              class={`tree-row${id === at.selected ? ' chosen' : ''}${most ? ' most' : ''}${node.neverExecuted ? ' never' : ''}`}
              role="row"
              aria-rowindex={first + index + 2}
              aria-level={node.depth + 1}
              aria-posinset={position}
              aria-setsize={size}
              aria-selected={id === at.selected}
              {...(folds ? { 'aria-expanded': !at.folded.has(id) } : {})}
              aria-label={describe(node, scale)}
              style={{ ...template, top: HEAD + (first + index) * ROW }}
              onMouseDown={() => onWalk({ ...at, selected: id })}
              onDblClick={() => (folds ? onWalk(toggle({ ...at, selected: id }, id, nodes)) : undefined)}
            >
              <span class="tree-node" role="gridcell" aria-colindex={1}>
                <span class="tree-indent" style={{ width: node.depth * indent, backgroundSize: `${indent}px 100%` }} />
                {folds ? (
                  <span
                    class={at.folded.has(id) ? 'twisty' : 'twisty open'}
                    onMouseDown={(event) => {
                      event.stopPropagation();
                      onWalk(toggle(at, id, nodes));
                    }}
                    onDblClick={(event) => event.stopPropagation()}
                  >
                    <ChevronIcon />
                  </span>
                ) : (
                  <span class="twisty" />
                )}
                <Name node={node} scale={scale} />
              </span>
              {columns.map(({ name, cell }, column) => (
                <span key={name} class="number" role="gridcell" aria-colindex={column + 2}>
                  {cell(node)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Name({ node, scale }: { node: PlanNode; scale: Scale }) {
  const place = target(node);
  return (
    <>
      <span class="tree-name" title={nodeTitle(node)}>
        {node.subplan === undefined ? null : <span class="dim">{node.subplan} · </span>}
        {node.type}
        {place === '' ? null : <span class="tree-place dim"> {place}</span>}
      </span>
      {node.neverExecuted ? <Badge>never executed</Badge> : null}
      {node.id === scale.costliest.time ? <Badge tone="marked">most time</Badge> : null}
      {node.id === scale.costliest.buffers ? <Badge tone="marked">most buffers</Badge> : null}
    </>
  );
}

interface Column {
  readonly name: string;
  readonly title: string;
  readonly width: number;
  readonly cell: (node: PlanNode) => ComponentChildren;
}

/** Only those that this plan has figures for. */
function columnsOf(plan: Plan, scale: Scale): readonly Column[] {
  const estimated: Column = {
    name: 'Estimated',
    title: 'Rows the planner expected, all loops',
    width: 72,
    cell: (node) => figure(estimatedRows(node), formatCount),
  };
  if (!plan.analyzed) {
    const costs: Column[] = [
      {
        name: 'First row',
        title: 'Cost until the first row',
        width: 90,
        cell: (node) => figure(node.startupCost, formatCount),
      },
      {
        name: 'Cost',
        title: 'Cost in all, with its children',
        width: 100,
        cell: (node) => figure(node.totalCost, formatCount),
      },
    ];
    return [{ ...estimated, name: 'Rows', title: 'Rows the planner expects' }, ...(scale.hasCost ? costs : [])];
  }
  const columns: Column[] = [
    estimated,
    {
      name: 'Rows',
      title: 'Rows that came, all loops',
      width: 64,
      cell: (node) => figure(node.neverExecuted ? undefined : node.totalRows, formatCount),
    },
  ];
  if (plan.nodes.some(({ loops }) => loops !== undefined && loops > 1)) {
    columns.push({
      name: 'Loops',
      title: 'How many times it ran',
      width: 48,
      cell: ({ loops }) => (loops === undefined || loops < 2 ? '' : <span class="dim">×{formatCount(loops)}</span>),
    });
  }
  if (plan.nodes.some((node) => misestimate(node) !== undefined)) {
    columns.push({
      name: 'Off by',
      title: 'Estimate and rows differ by ten times or more',
      width: 88,
      cell: (node) => <Estimate node={node} />,
    });
  }
  if (scale.hasTime) {
    columns.push({
      name: 'Time',
      title: 'In the node itself, without its children',
      width: 120,
      cell: (node) => <Bar value={node.exclusiveMs} most={scale.mostMs} words={formatMs} kind="time" />,
    });
  }
  if (scale.hasBuffers) {
    columns.push({
      name: 'Buffers',
      title: 'Blocks of 8 kB touched by the node itself, without its children',
      width: 112,
      cell: (node) => (
        <Bar
          value={node.neverExecuted ? undefined : exclusiveShared(node)}
          most={scale.mostBuffers}
          words={formatCount}
          kind="buffers"
        />
      ),
    });
  }
  return columns;
}

function Estimate({ node }: { node: PlanNode }) {
  const off = misestimate(node);
  return off === undefined ? null : <Badge>{off}</Badge>;
}

function Bar(props: { value: number | undefined; most: number; words: (value: number) => string; kind: string }) {
  const { value, most } = props;
  return (
    <>
      <span class="bar-place">
        {value === undefined || value <= 0 ? null : (
          <span class={`bar bar-${props.kind}`} style={{ width: `${Math.max(2, (100 * value) / most)}%` }} />
        )}
      </span>
      <span class="bar-number">{figure(value, props.words)}</span>
    </>
  );
}

function figure(value: number | undefined, words: (value: number) => string) {
  return value === undefined ? '' : words(value);
}

/** Position among its siblings (from 1) and how many they are, for each node. */
function placesAmongSiblings(nodes: readonly PlanNode[]): readonly (readonly [number, number])[] {
  const places: (readonly [number, number])[] = nodes.map(() => [1, 1]);
  for (const { children } of nodes) {
    for (const [index, child] of children.entries()) {
      places[child] = [index + 1, children.length];
    }
  }
  return places;
}

/** A row in one sentence, for who hears it. */
function describe(node: PlanNode, { costliest }: Scale): string {
  const off = misestimate(node);
  const parts = [
    describeNode(node),
    off === undefined ? undefined : `${off} than estimated`,
    node.id === costliest.time ? 'most time' : undefined,
    node.id === costliest.buffers ? 'most buffers' : undefined,
    node.totalRows === undefined && node.totalCost !== undefined ? `cost ${formatCount(node.totalCost)}` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
