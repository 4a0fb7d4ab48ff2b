/** What every page does: ask the host for its state, hear the new ones, show what went wrong. */
import { type ComponentType, render } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Requests } from './channel';
import { CloseIcon, ErrorIcon } from './icons';
import { Tool } from './plain';
import './theme.css';
import { connect, type Host, type ViewState } from './vscode';

/** Asks the host; a failure is shown on the page. Resolves to whether it was done. */
export type Ask<R extends Requests<R>> = <K extends keyof R & string>(
  method: K,
  ...params: Parameters<R[K]>
) => Promise<boolean>;

export interface PageProps<State, R extends Requests<R>> {
  readonly state: State;
  readonly ask: Ask<R>;
  readonly view: ViewState;
}

export function openPage<State, R extends Requests<R> & { ready(): State }>(
  Page: ComponentType<PageProps<State, R>>,
): void {
  const root = document.getElementById('root');
  if (root === null) {
    throw new Error('The page has no element with the id "root".');
  }
  render(<Shell host={connect<State, R>()} page={Page} />, root);
}

function Shell<State, R extends Requests<R> & { ready(): State }>(props: {
  host: Host<State, R>;
  page: ComponentType<PageProps<State, R>>;
}) {
  const { channel, view } = props.host;
  const [problem, setProblem] = useState<string>();
  const state = useHostState(props.host, setProblem);
  const ask = useCallback<Ask<R>>(
    async (method, ...params) => {
      try {
        await channel.request(method, ...params);
        setProblem(undefined);
        return true;
      } catch (error) {
        setProblem(sentence(error));
        return false;
      }
    },
    [channel],
  );
  const Page = props.page;
  return (
    <>
      {state === undefined ? null : <Page state={state} ask={ask} view={view} />}
      <div class="problem-place" role="status">
        {problem === undefined ? null : (
          <div class="problem">
            <ErrorIcon />
            <span class="problem-text">{problem}</span>
            <Tool label="Dismiss" onClick={() => setProblem(undefined)}>
              <CloseIcon />
            </Tool>
          </div>
        )}
      </div>
    </>
  );
}

/** The host's newest state; `undefined` until it first answers. */
function useHostState<State, R extends Requests<R> & { ready(): State }>(
  { channel }: Host<State, R>,
  onProblem: (problem: string) => void,
): State | undefined {
  const [state, setState] = useState<State>();
  useEffect(() => {
    const stop = channel.onState((next) => setState(() => next));
    // `ready` takes nothing; its parameters' type is not known to be empty while R is open.
    const nothing = [] as unknown as Parameters<R['ready']>;
    channel.request('ready', ...nothing).then(
      (first) => setState(() => first),
      (error: unknown) => onProblem(sentence(error)),
    );
    return stop;
  }, [channel, onProblem]);
  return state;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Component state that is still there when the page is shown again. `key` names it; a new key starts from `initial`. */
export function usePersisted<T>(
  view: ViewState,
  key: string,
  initial: T,
  isValid: (value: unknown) => value is T,
): [T, (value: T) => void] {
  const [, redraw] = useState(0);
  const saved = view.get(key);
  const value = useMemo(() => (isValid(saved) ? saved : initial), [saved, key]);
  const set = useCallback(
    (next: T) => {
      view.set(key, next);
      redraw((n) => n + 1);
    },
    [view, key],
  );
  return [value, set];
}
