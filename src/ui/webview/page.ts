import { Uri, type Disposable, type Webview } from 'vscode';
import { randomBytes } from 'node:crypto';
import type { HostMessage, RequestMap, RequestMessage } from '../../shared/protocol';
import { sentenceOf } from '../command';

const TITLES = { reader: 'Lesson', results: 'Postgres Results', plan: 'Postgres Plan' } as const;

export type PageName = keyof typeof TITLES;

type Handlers<Requests> = {
  [K in keyof Requests]: Requests[K] extends (params: infer P) => infer R ? (params: P) => R | Promise<R> : never;
};

/** One page in a webview: its HTML, its requests answered, its state pushed. */
export class Page<State, Requests extends { ready(): State }> {
  private readonly listener: Disposable;

  constructor(
    private readonly webview: Webview,
    extensionUri: Uri,
    name: PageName,
    handlers: Handlers<Requests>,
    { localRoots = [], title = TITLES[name] }: { readonly localRoots?: readonly Uri[]; readonly title?: string } = {},
  ) {
    const dist = Uri.joinPath(extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [dist, ...localRoots] };
    this.listener = webview.onDidReceiveMessage((message: RequestMessage) => void this.answer(message, handlers));
    webview.html = html(webview, dist, name, title);
  }

  push(state: State): void {
    void this.webview.postMessage({ kind: 'state', state } satisfies HostMessage<State>);
  }

  dispose(): void {
    this.listener.dispose();
  }

  /** Every request gets exactly one reply. */
  private async answer({ id, method, params }: RequestMessage, handlers: RequestMap): Promise<void> {
    let reply: HostMessage<State>;
    try {
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
      if (!handler) throw new Error(`No such request: ${method}`);
      reply = { kind: 'reply', id, ok: await handler(params as never) };
    } catch (error) {
      reply = { kind: 'reply', id, error: sentenceOf(error) };
    }
    void this.webview.postMessage(reply);
  }
}

function html(webview: Webview, dist: Uri, name: PageName, title: string): string {
  const nonce = randomBytes(18).toString('base64');
  const asset = (file: string): string => webview.asWebviewUri(Uri.joinPath(dist, file)).toString();
  const policy = [
    "default-src 'none'",
    `img-src ${webview.cspSource} https: data:`,
    `font-src ${webview.cspSource}`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    // the page's own files: a nonce does not reach what a module imports
    `script-src ${webview.cspSource} 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<link rel="stylesheet" href="${asset(`${name}.css`)}">
<title>${title}</title>
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${nonce}" src="${asset(`${name}.js`)}"></script>
</body>
</html>`;
}
