/** `acquireVsCodeApi` may be called once a page; this module is where. */
import { type Channel, createChannel, type Requests } from './channel';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** View state that outlives the page: scroll position, folded nodes, the selected cell. Never data. */
export interface ViewState {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

export interface Host<State, R extends Requests<R>> {
  readonly channel: Channel<State, R>;
  readonly view: ViewState;
}

export function connect<State, R extends Requests<R>>(): Host<State, R> {
  const api = acquireVsCodeApi();
  const saved = api.getState();
  let view: Readonly<Record<string, unknown>> = typeof saved === 'object' && saved !== null ? { ...saved } : {};
  return {
    channel: createChannel<State, R>({
      post: (message) => api.postMessage(message),
      listen: (listener) => window.addEventListener('message', (event) => listener(event.data)),
    }),
    view: {
      get: (key) => view[key],
      set(key, value) {
        view = { ...view, [key]: value };
        api.setState(view);
      },
    },
  };
}
