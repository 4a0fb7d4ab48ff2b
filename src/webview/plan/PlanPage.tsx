import { useMemo, useState } from 'preact/hooks';
import { type Plan, sharedBuffers } from '../../plan/model';
import { formatBlocks, formatBuffers, formatMs } from '../../plan/words';
import type { PlanRequests, PlanState } from '../../shared/protocol';
import { Button, Ring } from '../kit/controls';
import { Elapsed } from '../kit/Elapsed';
import { ErrorIcon, GoToIcon, InfoIcon } from '../kit/icons';
import { type PageProps, usePersisted } from '../kit/page';
import { Panel } from '../kit/Panel';
import { Detail } from './Detail';
import { PlanTree } from './PlanTree';
import { scaleOf, unfoldedFor, type Walk } from './tree';

interface SavedWalk {
  readonly serial: number;
  readonly selected: number;
  readonly folded: readonly number[];
}

const NONE: SavedWalk = { serial: -1, selected: 0, folded: [] };

function isSavedWalk(value: unknown): value is SavedWalk {
  return (
    typeof value === 'object' &&
    value !== null &&
    'serial' in value &&
    'selected' in value &&
    'folded' in value &&
    typeof value.selected === 'number' &&
    Array.isArray(value.folded)
  );
}

export function PlanPage(props: PageProps<PlanState, PlanRequests>) {
  const { state, ask } = props;
  switch (state.status) {
    case 'empty':
      return (
        <Panel name="Plan">
          <p class="panel-empty">Explain a statement to see its plan here.</p>
        </Panel>
      );
    case 'running':
      return (
        <Panel name="Plan">
          <div class="panel-head">
            <span class="figure" role="status">
              <Ring /> Running
            </span>
            <Elapsed />
            <span class="figure dim">{state.engine}</span>
            <span class="push">
              <Button onClick={() => void ask('cancel')}>Cancel</Button>
            </span>
          </div>
        </Panel>
      );
    case 'error':
      return (
        <Panel name="Plan">
          <div class="panel-head">
            <span class="figure">
              <ErrorIcon /> Failed
            </span>
            <span class="figure dim">{state.engine}</span>
          </div>
          <p class="panel-text plan-error" role="alert">
            {state.error}
          </p>
        </Panel>
      );
    case 'done':
      return state.plan === undefined || state.plan.nodes.length === 0 ? (
        <Panel name="Plan">
          <p class="panel-empty">{state.note ?? 'This statement has no plan.'}</p>
        </Panel>
      ) : (
        <Shown {...props} plan={state.plan} />
      );
  }
}

function Shown({ state, view, plan }: PageProps<PlanState, PlanRequests> & { plan: Plan }) {
  const scale = useMemo(() => scaleOf(plan), [plan]);
  const costliest = scale.costliest.time ?? scale.costliest.buffers;
  const [saved, save] = usePersisted(view, 'walk', NONE, isSavedWalk);
  const mine = saved.serial === state.serial;
  const at: Walk = useMemo(
    () =>
      mine
        ? { selected: saved.selected, folded: new Set(saved.folded) }
        : { selected: costliest ?? 0, folded: new Set() },
    [saved, mine, costliest],
  );
  const [jumps, setJumps] = useState(0);
  const goTo = (next: Walk): void => save({ serial: state.serial, selected: next.selected, folded: [...next.folded] });
  const node = plan.nodes[at.selected];
  const root = plan.nodes[0];

  return (
    <Panel name="Plan">
      <div class="panel-head">
        {plan.executionMs === undefined ? null : <Fact name="Execution">{formatMs(plan.executionMs)}</Fact>}
        {plan.planningMs === undefined ? null : <Fact name="Planning">{formatMs(plan.planningMs)}</Fact>}
        {root?.buffers === undefined || !plan.analyzed ? null : (
          <span class="figure" title={formatBlocks(sharedBuffers(root.buffers))}>
            {formatBuffers(sharedBuffers(root.buffers))}
          </span>
        )}
        {plan.analyzed ? null : <span class="figure">Estimated, not run</span>}
        <span class="figure dim">{state.engine}</span>
        <code class="statement dim" title={state.sql}>
          {state.sql.replace(/\s+/g, ' ').slice(0, 200)}
        </code>
        {costliest === undefined ? null : (
          <span class="push">
            <Button
              quiet
              icon={<GoToIcon />}
              onClick={() => {
                goTo({ selected: costliest, folded: unfoldedFor(costliest, plan.nodes, at.folded) });
                setJumps(jumps + 1);
              }}
            >
              Costliest node
            </Button>
          </span>
        )}
      </div>
      {state.note === undefined ? null : (
        <p class="note" role="note">
          <InfoIcon /> {state.note}
        </p>
      )}
      <div class="plan-split">
        <PlanTree key={state.serial} plan={plan} scale={scale} at={at} jumps={jumps} onWalk={goTo} />
        {node === undefined ? null : <Detail key={node.id} node={node} plan={plan} />}
      </div>
    </Panel>
  );
}

function Fact(props: { name: string; children: string }) {
  return (
    <span class="figure">
      <span class="dim">{props.name}</span> {props.children}
    </span>
  );
}
