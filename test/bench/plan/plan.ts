import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../../scripts/vscode/browser.mjs';
import type { Bench, Goal, Options } from '../bench';
import { kilobytes, median, megabytes, spread } from '../figures';
import { heap, settle, wheel } from './measure';
import { buildOurs, buildPev2, buildReaders, openPage, startOurs, type Built } from './pages';
import { append, asJson, asText, mixed } from './synthetic';

const SMALL = 100;
const LARGE = 10_000;
const STEPS = [-120, -120, 120, -120, 120, 120, -120, 120];

interface Figures {
  readonly what: string;
  readonly pev2: string;
  readonly ours: string;
}

/** The plan page beside pev2's, in the same run and the same Chromium. */
export const plan: Bench = {
  name: 'plan',
  title: `reading and showing plans of ${SMALL} and ${LARGE} nodes, beside pev2 (takes some 5 minutes)`,
  async run(options) {
    const rows: Figures[] = [];
    const goals: Goal[] = [];
    const goal = (what: string, limit: string, seen: string, met: boolean): void => {
      goals.push({ what, goal: limit, seen, met });
    };
    const browser = await launchBrowser();
    try {
      await reading(browser, options, rows, goal);
      const [ours, pev2] = [await buildOurs(), await buildPev2()];
      const all = [size(pev2), size(ours)] as const;
      rows.push({ what: 'code, gzipped, every view', pev2: kilobytes(all[0]), ours: kilobytes(all[1]) });
      await showing(browser, options, ours, pev2, rows, goal);
    } finally {
      await browser.close();
    }
    return {
      columns: ['', 'pev2', 'ours'],
      rows: rows.map(({ what, pev2, ours }) => [what, pev2, ours]),
      notes: [
        'Settled: from the demand to the last changed or late frame. A step: main-thread ms of one turn of the wheel.',
        'Plans: one Append over partitions; “opened” is ours with every member shown; “mixed” are joins, where nothing is alike.',
      ],
      goals,
      data: { rows },
    };
  },
};

type AddGoal = (what: string, limit: string, seen: string, met: boolean) => void;

function size(files: Built, wanted: (name: string) => boolean = () => true): number {
  return [...files].filter(([name]) => wanted(name)).reduce((sum, [, text]) => sum + gzipSync(text).length, 0);
}

async function reading(browser: Browser, { runs, progress }: Options, rows: Figures[], goal: AddGoal): Promise<void> {
  const page = await openPage(browser, await buildReaders());
  await page.addScriptTag({ url: '/page.js' });
  for (const [format, text] of [
    ['JSON', asJson(append(LARGE))],
    ['text', asText(append(LARGE))],
  ] as const) {
    progress(`reading ${LARGE} nodes of ${format}`);
    const times = await page.evaluate(
      ([plan, count]) => {
        const readers = globalThis as unknown as Record<'__ours' | '__pev2', (text: string) => number>;
        const timed = (name: '__ours' | '__pev2'): number => {
          const begin = performance.now();
          if (readers[name](plan) < 1) throw new Error('no plan');
          return performance.now() - begin;
        };
        // in turns; the first of each warms up
        const pairs = Array.from({ length: count + 1 }, () => ({ ours: timed('__ours'), pev2: timed('__pev2') }));
        return pairs.slice(1);
      },
      [text, Math.min(runs, 7)] as const,
    );
    const [ours, pev2] = [times.map((pair) => pair.ours), times.map((pair) => pair.pev2)];
    rows.push({ what: `parse + model, ${LARGE} nodes ${format}, ms`, pev2: spread(pev2), ours: spread(ours, 1) });
    const ratio = median(pev2) / median(ours);
    goal(`parse + model, ${format},`, '≤ 1/20 of pev2’s', `1/${ratio.toFixed(1)}`, ratio >= 20);
  }
  await page.close();
}

async function showing(
  browser: Browser,
  { runs, progress }: Options,
  ours: Built,
  pev2: Built,
  rows: Figures[],
  goal: AddGoal,
): Promise<void> {
  const loaded = new Set<string>();
  const open = async (which: 'ours' | 'pev2'): Promise<Page> => {
    const page = await openPage(browser, which === 'ours' ? ours : pev2);
    if (which === 'ours') page.on('request', (request) => loaded.add(new URL(request.url()).pathname.slice(1)));
    if (which === 'ours') await startOurs(page);
    else await page.addScriptTag({ url: '/page.js' });
    return page;
  };
  const settled = async (which: 'ours' | 'pev2', text: string, times: number): Promise<number[]> => {
    const found: number[] = [];
    for (let run = 0; run < times; run++) {
      const page = await open(which);
      found.push(await settle(page, text));
      await page.close();
    }
    return found;
  };
  const seconds = (ms: readonly number[]): string =>
    spread(
      ms.map((each) => each / 1000),
      2,
    );

  progress(`showing ${SMALL} nodes`);
  const small = asJson(append(SMALL));
  const mixedSmall = asJson(mixed(SMALL));
  const smallOurs = await settled('ours', small, Math.min(runs, 5));
  const smallMixed = await settled('ours', mixedSmall, Math.min(runs, 5));
  const smallPev2 = await settled('pev2', small, Math.min(runs, 5));
  rows.push({ what: `${SMALL} nodes settled, s`, pev2: seconds(smallPev2), ours: seconds(smallOurs) });
  rows.push({ what: `${SMALL} nodes settled, mixed, s`, pev2: '', ours: seconds(smallMixed) });
  const slowest = Math.max(median(smallOurs), median(smallMixed));
  goal(`${SMALL} nodes settled`, '≤ 0.15 s', `${(slowest / 1000).toFixed(2)} s`, slowest <= 150);

  const first = size(ours, (name) => loaded.has(name) || name === 'page.css');
  rows.push({ what: 'code, gzipped, to show a plan with its findings', pev2: '', ours: kilobytes(first) });
  goal('the code that shows a plan, gzipped,', '≤ 90 kB', kilobytes(first), first <= 90_000);

  const large = { append: asJson(append(LARGE)), mixed: asJson(mixed(LARGE)) };
  progress(`showing ${LARGE} nodes`);
  const largeOurs = await settled('ours', large.append, Math.min(runs, 3));
  const largeMixed = await settled('ours', large.mixed, Math.min(runs, 3));
  const heaps: number[] = [];
  for (const [name, text] of [
    ['opened', large.append],
    ['mixed', large.mixed],
  ] as const) {
    const page = await open('ours');
    await settle(page, text);
    if (name === 'opened') await openGroup(page);
    for (const view of ['Tree', 'Graph', 'Flame']) {
      await page.getByRole('tab', { name: view }).click();
      if (view !== 'Tree' && name === 'opened') await page.waitForTimeout(300);
      const costs = await wheel(page, { x: 350, y: 400 }, STEPS);
      rows.push({ what: `one wheel step, ${view}, ${name}, ms`, pev2: '', ours: spread(costs, 1) });
      goal(`one wheel step in ${view}, ${name},`, '≤ 16 ms', `${median(costs).toFixed(1)} ms`, median(costs) <= 16);
    }
    heaps.push(await heap(page));
    await page.close();
  }

  progress(`showing ${LARGE} nodes with pev2`);
  const page = await open('pev2');
  const largePev2 = await settle(page, large.append);
  const steps = await wheel(page, { x: 600, y: 400 }, STEPS.slice(0, 4));
  const pev2Heap = await heap(page);
  await page.close();
  rows.push({ what: `${LARGE} nodes settled, s`, pev2: seconds([largePev2]), ours: seconds(largeOurs) });
  rows.push({ what: `${LARGE} nodes settled, mixed, s`, pev2: '', ours: seconds(largeMixed) });
  const worst = Math.max(median(largeOurs), median(largeMixed));
  goal(`${LARGE} nodes settled`, '≤ 0.5 s', `${(worst / 1000).toFixed(2)} s`, worst <= 500);
  rows.push({ what: 'one wheel step, ms', pev2: spread(steps), ours: 'see above' });
  rows.push({ what: 'heap', pev2: megabytes(pev2Heap), ours: heaps.map(megabytes).join(' opened, ') + ' mixed' });
  goal('heap', '≤ 60 MB', megabytes(Math.max(...heaps)), Math.max(...heaps) <= 60e6);
}

/** Shows every member of the group of alike children. */
async function openGroup(page: Page): Promise<void> {
  const group = page.getByRole('row', { name: /9,999/ }).last();
  await group.click();
  await page.keyboard.press('ArrowRight');
  await page
    .getByRole('row', { name: /orders_00003/ })
    .first()
    .waitFor();
}
