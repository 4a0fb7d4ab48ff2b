import { useEffect } from 'preact/hooks';
import type { PlanRequests, PlanSource, PlanState } from '../../shared/protocol';
import { Button, Ring } from '../kit/plain';
import { Elapsed } from '../kit/Elapsed';
import { ErrorIcon } from '../kit/icons';
import type { PageProps } from '../kit/page';
import { Panel } from '../kit/Panel';
import { preload } from '../kit/useModule';
import { formatBytes } from '../../plan/words';
import { History } from './History';
import { loadFindings } from './known';
import { Shown } from './Shown';
import { Unreadable } from './Unreadable';
import { useReading } from './useReading';

export function PlanPage(props: PageProps<PlanState, PlanRequests>) {
  const { state, ask } = props;
  const { source } = state;
  useEffect(() => {
    // Here there is time for what the next plan needs. A failure is told when it is needed.
    if (state.status === 'empty' || state.status === 'running') preload(loadFindings).catch(() => undefined);
  }, [state.status]);
  switch (state.status) {
    case 'empty':
      return (
        <Panel name="Plan">
          <div class="panel-empty">
            <p>Explain a statement to see its plan here.</p>
            <Button onClick={() => void ask('open')}>Open EXPLAIN Plan…</Button>
          </div>
        </Panel>
      );
    case 'running':
      return (
        <Panel name="Plan">
          <div class="panel-head">
            <span class="figure" role="status">
              <Ring /> {state.busy ?? 'Running'}
            </span>
            <Elapsed />
            <span class="figure dim">{source?.engine}</span>
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
            <span class="figure dim">{source?.engine}</span>
            <span class="push">
              <History state={state} onShow={(id) => void ask('show', { id })} />
            </span>
          </div>
          <p class="panel-text plan-error" role="alert">
            {state.error}
          </p>
        </Panel>
      );
    case 'done':
      return source === undefined || source.text === '' ? (
        <Panel name="Plan">
          <p class="panel-empty">{source?.note ?? 'This statement has no plan.'}</p>
        </Panel>
      ) : (
        <Read {...props} source={source} />
      );
  }
}

function Read(props: PageProps<PlanState, PlanRequests> & { source: PlanSource }) {
  const { state, source, ask } = props;
  const reading = useReading(source.text, state.serial);
  switch (reading?.kind) {
    case undefined:
    case 'reading':
      return (
        <Panel name="Plan">
          <div class="panel-head">
            <span class="figure" role="status">
              <Ring /> Reading {formatBytes(source.text.length)}
            </span>
          </div>
        </Panel>
      );
    case 'unreadable':
      return (
        <Panel name="Plan">
          <Unreadable
            text={source.text}
            problem={reading.problem}
            onCopy={(text) => void ask('copy', { text })}
            onOpen={() => void ask('open')}
          />
        </Panel>
      );
    case 'failed':
      return (
        <Panel name="Plan">
          <p class="panel-text" role="alert">
            <ErrorIcon /> {reading.problem.message}
          </p>
        </Panel>
      );
    case 'read':
      return (
        <Panel name="Plan">
          <Shown key={state.serial} {...props} plans={reading.plans} problems={reading.problems} />
        </Panel>
      );
  }
}
