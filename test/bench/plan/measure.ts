import type { CDPSession, Page } from 'playwright-core';
import { median } from '../figures';

/** A page that has not settled by then is given up. ms. */
const PATIENCE = 240_000;

/** The page does nothing for so long: it has settled. ms. */
const QUIET = 600;

/** Between two steps of the wheel. ms. */
const REST = 400;

/**
 * Shows a plan, and waits until the page has painted its last change and its main thread is idle.
 * @returns ms from the demand to the end of the last frame that did more than blink
 */
export async function settle(page: Page, text: string): Promise<number> {
  await page.evaluate((plan) => Object.assign(globalThis, { __text: plan }), text);
  return page.evaluate(
    ([quiet, patience]) =>
      new Promise<number>((resolve, reject) => {
        const begin = performance.now();
        let last = begin;
        let changed = false;
        new MutationObserver(() => (changed = true)).observe(document.documentElement, {
          subtree: true,
          childList: true,
          attributes: true,
          characterData: true,
        });
        let before = begin;
        const frame = (): void => {
          const now = performance.now();
          // a frame that came late: something held the main thread
          if (changed || now - before > 50) last = now;
          changed = false;
          before = now;
          if (now - last > quiet) resolve(last - begin);
          else if (now - begin > patience) reject(new Error('It did not settle.'));
          else requestAnimationFrame(() => setTimeout(frame));
        };
        const { __show, __text } = globalThis as unknown as { __show: (text: string) => void; __text: string };
        __show(__text);
        requestAnimationFrame(() => setTimeout(frame));
      }),
    [QUIET, PATIENCE] as const,
  );
}

/**
 * Main-thread ms that one wheel step over the page's middle costs, style, layout and paint included: each of `deltas`. What two
 * frames cost without a step (the demands over the protocol are tasks of the page, too) is taken off.
 */
export async function wheel(page: Page, at: { x: number; y: number }, deltas: readonly number[]): Promise<number[]> {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  await page.mouse.move(at.x, at.y);
  const idle: number[] = [];
  const costs: number[] = [];
  const costOf = async (step: () => Promise<void>): Promise<number> => {
    // What the step before left to do: a wheel's scroll goes on for some frames, and the place is saved after a pause.
    await page.waitForTimeout(REST);
    const before = await busy(client);
    await step();
    await frames(page);
    return (await busy(client)) - before;
  };
  for (const delta of deltas) {
    idle.push(await costOf(() => Promise.resolve()));
    costs.push(await costOf(() => page.mouse.wheel(0, delta)));
  }
  await client.detach();
  const nothing = median(idle);
  return costs.map((cost) => Math.max(0, cost - nothing));
}

/** JavaScript heap in use after a collection, bytes. */
export async function heap(page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  await client.send('Performance.enable');
  const used = await metric(client, 'JSHeapUsedSize');
  await client.detach();
  return used;
}

/** Two frames and what they left to do. */
async function frames(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 30)))),
  );
}

async function busy(client: CDPSession): Promise<number> {
  return (await metric(client, 'TaskDuration')) * 1000;
}

async function metric(client: CDPSession, name: string): Promise<number> {
  const { metrics } = await client.send('Performance.getMetrics');
  return metrics.find((entry) => entry.name === name)?.value ?? 0;
}
