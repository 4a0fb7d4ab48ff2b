/** The two plan pages in one Chromium: ours as the webview loads it, pev2 as its own readme mounts it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { pages } from '../../../scripts/bundles.mjs';
import { repoRoot } from '../../../scripts/vscode/paths.mjs';
import type { PlanState } from '../../../src/shared/protocol';

const require = createRequire(__filename);
const ORIGIN = 'http://bench.test';
const NONCE = 'bench';

/** Files by their name: page.js, page.css, and what page.js imports. */
export type Built = ReadonlyMap<string, string>;

/** Ours: the page's script and style, as packaged. */
export async function buildOurs(): Promise<Built> {
  const { outputFiles } = await build({
    ...pages,
    metafile: false,
    entryPoints: { page: 'src/webview/plan/main.tsx' },
    write: false,
  });
  return parts(outputFiles);
}

/** pev2 and what it needs (Vue, Bootstrap's style), minified likewise. */
export async function buildPev2(): Promise<Built> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { createApp, h, ref, nextTick } from 'vue';
        import { Plan } from 'pev2';
        import 'bootstrap/dist/css/bootstrap.min.css';
        import 'pev2/dist/pev2.css';
        window.__show = (text) => createApp({ render: () => h('div', { style: 'height: 100vh' }, [h(Plan, { planSource: text, planQuery: '' })]) }).mount('#root');
        window.postMessage('ready');`,
      resolveDir: repoRoot,
    },
    outdir: path.join(repoRoot, 'out', 'bench'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'chrome122',
    write: false,
    loader: { '.svg': 'dataurl' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  return parts(outputFiles);
}

/** Both readers of plans, without a page: `__ours(text)` and `__pev2(text)` parse and compute. */
export async function buildReaders(): Promise<Built> {
  const source = require.resolve('pev2').replace('pev2.umd.js', 'pev2.es.js');
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { readPlans } from './src/plan/read';
        import { PlanService } from 'pev2-with-its-parser';
        window.__ours = (text) => readPlans(text).length;
        window.__pev2 = (text) => { const service = new PlanService(); return service.createPlan('', service.fromSource(text), '') ? 1 : 0; };`,
      resolveDir: repoRoot,
    },
    outdir: path.join(repoRoot, 'out', 'bench'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'chrome122',
    write: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
    plugins: [
      {
        // pev2 exports its component alone; its parser is a class in the same file
        name: 'export-parser',
        setup(build) {
          build.onResolve({ filter: /^pev2-with-its-parser$/ }, () => ({ path: source, namespace: 'parser' }));
          build.onLoad({ filter: /.*/, namespace: 'parser' }, async () => {
            const text = await readFile(source, 'utf8');
            const before = text.slice(0, text.indexOf('cleanupSource('));
            const [, name] = /class (\w+) \{(?![\s\S]*class \w+ \{)/.exec(before) ?? [];
            if (name === undefined) throw new Error('pev2 has no parser where this bench looks for it.');
            return { contents: `${text}\nexport { ${name} as PlanService };`, resolveDir: path.dirname(source) };
          });
        },
      },
    ],
  });
  return parts(outputFiles);
}

export async function openPage(browser: Browser, files: Built): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  // tsx names functions with a helper that does not cross into the page
  await page.addInitScript('globalThis.__name ??= (named) => named');
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const body = files.get(pathname.slice(1));
    if (body !== undefined)
      return route.fulfill({ contentType: pathname.endsWith('.js') ? 'text/javascript' : 'text/css', body });
    return route.fulfill({
      contentType: 'text/html',
      body: `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta property="csp-nonce" content="${NONCE}"><link rel="stylesheet" href="/page.css"><style nonce="${NONCE}">html, body { margin: 0; height: 100%; }</style></head><body><div id="root"></div></body></html>`,
    });
  });
  await page.goto(ORIGIN);
  return page;
}

/** Loads our page's script with an empty state; `show` is a later state, as the host pushes it. */
export async function startOurs(page: Page): Promise<void> {
  await page.evaluate((empty) => {
    Object.assign(globalThis, {
      acquireVsCodeApi: () => ({
        postMessage: (message: { id: number; method: string }) =>
          window.postMessage({ kind: 'reply', id: message.id, ok: message.method === 'ready' ? empty : undefined }),
        getState: () => undefined,
        setState: () => undefined,
      }),
      __show: (text: string) =>
        window.postMessage({
          kind: 'state',
          state: {
            ...empty,
            serial: 1,
            status: 'done',
            source: { id: 'bench', title: 'Bench', at: 0, text, ignoredSettings: [] },
          },
        }),
    });
  }, EMPTY);
  await page.addScriptTag({ url: '/page.js', type: 'module' });
  await page.getByText('EXPLAIN').first().waitFor();
}

const EMPTY: PlanState = { serial: 0, status: 'empty', history: [], provable: false, guarded: false, lessons: [] };

function parts(files: readonly { readonly path: string; readonly text: string }[] = []): Built {
  return new Map(
    files.map(({ path: file, text }) => {
      const name = path.relative(path.join(file.includes('/parts/') ? path.join(file, '..') : file, '..'), file);
      return [/^stdin\./.test(name) ? name.replace('stdin', 'page') : name, text] as const;
    }),
  );
}
