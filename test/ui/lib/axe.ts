import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FrameLocator } from 'playwright-core';

const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/** Problems that axe finds in a page, as "rule: selector". */
export async function axeProblems(frame: FrameLocator): Promise<string[]> {
  const html = await frame.locator('html').elementHandle();
  const page = await html.ownerFrame();
  assert.ok(page);
  await page.evaluate(axe); // through the debugger, where the page's CSP does not hold
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { target: unknown[] }[] }[] }> };
      }
    ).axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}
