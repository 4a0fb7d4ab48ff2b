// A whole VS Code: the server, a browser, and the workbench in it.
import path from 'node:path';
import { launchBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/**
 * @typedef {object} WorkbenchPlace what the workbench opens
 * @property {string} [folder]
 * @property {string} [workspace] a .code-workspace file
 * @property {string | string[]} [extensionDevelopmentPath]
 * @property {string} [extensionTestsPath]
 * @property {[string, string][]} [payload] further entries of VS Code's own
 */

/**
 * @typedef {object} WindowOptions
 * @property {{ width: number, height: number }} [viewport]
 * @property {boolean} [headless]
 * @property {boolean} [waitReady] default: true
 * @property {Record<string, (...args: any[]) => unknown>} [expose] functions that the page can call
 * @property {(page: import('playwright-core').Page) => void | Promise<void>} [beforeGoto]
 */

/** @typedef {import('./server.mjs').ServerOptions & WorkbenchPlace & WindowOptions} LaunchOptions */

/**
 * @typedef {object} VSCode
 * @property {import('./server.mjs').Server} server
 * @property {import('playwright-core').Browser} browser
 * @property {import('playwright-core').BrowserContext} context
 * @property {import('playwright-core').Page} page
 * @property {() => Promise<void>} close
 */

/** Shown once the workbench is connected to the server. */
const READY = '.monaco-workbench .statusbar [id="status.host"]';

/**
 * The workbench's URL. Paths are this machine's; the web workbench wants vscode-remote:// ones.
 * @param {number} port
 * @param {WorkbenchPlace} [place]
 */
export function workbenchUrl(
  port,
  { folder, workspace, extensionDevelopmentPath = [], extensionTestsPath, payload = [] } = {},
) {
  /** @param {string} file */
  const remote = (file) =>
    `vscode-remote://127.0.0.1:${port}${path.resolve(file).split(path.sep).map(encodeURIComponent).join('/')}`;
  const entries = [['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...payload];
  for (const dir of [extensionDevelopmentPath].flat()) entries.push(['extensionDevelopmentPath', remote(dir)]);
  if (extensionTestsPath) entries.push(['extensionTestsPath', remote(extensionTestsPath)]);

  const query = new URLSearchParams();
  if (workspace) query.set('workspace', path.resolve(workspace));
  else if (folder) query.set('folder', path.resolve(folder));
  else query.set('ew', 'true');
  query.set('payload', JSON.stringify(entries));
  return `http://127.0.0.1:${port}/?${query}`;
}

/** @param {import('playwright-core').Page} page */
export async function waitForWorkbench(page) {
  await page.waitForSelector(READY, { timeout: 60_000 });
}

/**
 * @param {LaunchOptions} [options]
 * @returns {Promise<VSCode>}
 */
export async function launchVSCode(options = {}) {
  const testDriver = options.testDriver ?? Boolean(options.extensionTestsPath ?? options.extensionDevelopmentPath);
  const server = await startServer({ ...options, testDriver });
  /** @type {import('playwright-core').Browser | undefined} */
  let browser;
  const close = async () => {
    await browser?.close().catch(() => {}); // it may have crashed
    await server.stop();
  };
  try {
    browser = await launchBrowser(options);
    const context = await browser.newContext({ viewport: options.viewport ?? { width: 1280, height: 800 } });
    await refuseOutside(context);
    const page = await context.newPage();
    for (const [name, callback] of Object.entries(options.expose ?? {})) await page.exposeFunction(name, callback);
    await options.beforeGoto?.(page);
    await page.goto(workbenchUrl(server.port, options), { waitUntil: 'domcontentloaded' });
    if (options.waitReady !== false) await waitForWorkbench(page);
    return { server, browser, context, page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Nothing outside of this machine is to be reached: fail such requests at once.
 * @param {import('playwright-core').BrowserContext} context
 */
async function refuseOutside(context) {
  await context.route(
    (url) => /^(https?|wss?):/.test(url.protocol) && !['127.0.0.1', 'localhost'].includes(url.hostname),
    (route) => route.abort(),
  );
}
