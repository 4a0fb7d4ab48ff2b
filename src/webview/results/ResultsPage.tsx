import { useEffect, useRef, useState } from 'preact/hooks';
import type { ResultsRequests, ResultsState, ResultView } from '../../shared/protocol';
import type { Notice } from '../../sql/session';
import { Button, Ring } from '../kit/controls';
import { ErrorIcon, InfoIcon, PassedIcon, WarningIcon } from '../kit/icons';
import { type Ask, type PageProps, usePersisted } from '../kit/page';
import { Panel } from '../kit/Panel';
import { Elapsed } from '../kit/Elapsed';
import { toCsv } from './csv';
import { Grid } from './Grid';
import { firstToShow, outcome, took } from './summary';
import { Tabs } from './Tabs';

interface Chosen {
  readonly serial: number;
  readonly tab: number;
}

const NONE: Chosen = { serial: -1, tab: 0 };

function isChosen(value: unknown): value is Chosen {
  return (
    typeof value === 'object' && value !== null && 'serial' in value && 'tab' in value && typeof value.tab === 'number'
  );
}

export function ResultsPage({ state, ask, view }: PageProps<ResultsState, ResultsRequests>) {
  const { results, serial, engine } = state;
  const [chosen, setChosen] = usePersisted(view, 'tab', NONE, isChosen);
  const tab = chosen.serial === serial && chosen.tab < results.length ? chosen.tab : firstToShow(results);
  const result = results[tab];
  if (result === undefined) {
    return (
      <Panel name="Results">
        <p class="panel-empty">Run a statement to see its rows here.</p>
      </Panel>
    );
  }
  return (
    <Panel name="Results">
      {results.length < 2 ? null : (
        <Tabs results={results} chosen={tab} onChoose={(next) => setChosen({ serial, tab: next })} />
      )}
      <div
        class="result"
        {...(results.length < 2 ? {} : { role: 'tabpanel' as const, id: 'result', 'aria-labelledby': `tab-${tab}` })}
      >
        <Head result={result} engine={engine} ask={ask} />
        <Notices notices={result.notices} />
        {result.error === undefined ? null : <Failure error={result.error} />}
        {result.fields.length === 0 ? null : (
          <Grid
            key={`${serial} ${tab}`}
            name={`${serial} ${tab}`}
            result={result}
            view={view}
            copy={(text) => void ask('copy', { text })}
          />
        )}
      </div>
    </Panel>
  );
}

function Head({ result, engine, ask }: { result: ResultView; engine: string; ask: Ask<ResultsRequests> }) {
  const running = result.status === 'running';
  const duration = took(result);
  return (
    <div class="panel-head">
      <span class="figure" role="status">
        <Status result={result} />
      </span>
      {running ? <Elapsed /> : duration === undefined ? null : <span class="figure dim">{duration}</span>}
      <span class="figure dim">{engine}</span>
      <span class="push">
        {running ? <Button onClick={() => void ask('cancel')}>Cancel</Button> : null}
        {!running && result.rows.length > 0 ? <CopyCsv result={result} ask={ask} /> : null}
      </span>
    </div>
  );
}

function Status({ result }: { result: ResultView }) {
  switch (result.status) {
    case 'running':
      return (
        <>
          <Ring /> Running
        </>
      );
    case 'cancelled':
      return <>Cancelled</>;
    case 'error':
      return (
        <>
          <ErrorIcon /> Failed
        </>
      );
    case 'done':
      return (
        <>
          <PassedIcon /> {outcome(result)}
        </>
      );
  }
}

function CopyCsv({ result, ask }: { result: ResultView; ask: Ask<ResultsRequests> }) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    if (await ask('copy', { text: toCsv(result.fields, result.rows) })) {
      setCopied(true);
      timer.current = setTimeout(() => setCopied(false), 2000);
    }
  };
  return (
    <Button quiet onClick={() => void copy()}>
      {copied ? 'Copied' : 'Copy as CSV'}
    </Button>
  );
}

function Notices({ notices }: { notices: readonly Notice[] }) {
  if (notices.length === 0) {
    return null;
  }
  return (
    <ul class="notices" aria-label="Notices" tabIndex={0}>
      {notices.map(({ severity, message, detail, hint }, index) => (
        <li key={index}>
          {severity === 'WARNING' ? <WarningIcon /> : <InfoIcon />}
          <div>
            <span class="dim">{severity}</span> {message}
            {detail === undefined ? null : <div class="dim">{detail}</div>}
            {hint === undefined ? null : <div class="dim">Hint: {hint}</div>}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Failure({ error }: { error: NonNullable<ResultView['error']> }) {
  return (
    <div class="panel-text failure" role="alert">
      <p class="failure-message">{error.message}</p>
      <dl>
        {(['detail', 'hint', 'code'] as const).map((name) => {
          const text = error[name];
          return text === undefined ? null : (
            <div key={name}>
              <dt>{name === 'code' ? 'SQLSTATE' : name === 'hint' ? 'Hint' : 'Detail'}</dt>
              <dd>{text}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
