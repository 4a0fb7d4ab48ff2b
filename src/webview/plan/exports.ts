/** What can be copied and saved of a plan, as items of a menu. */
import type { Finding } from '../../plan/findings/finding';
import type { Plan } from '../../plan/model';
import type { MenuGroup, MenuItem } from '../kit/Menu';
import type { PictureOptions } from './export/picture';

export interface Exported {
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  /** What EXPLAIN printed. */
  readonly text: string;
  readonly title: string;
  readonly sql: string | undefined;
  /** How the graph is drawn now. */
  readonly picture: PictureOptions;
}

export interface ExportTargets {
  readonly copy: (text: string) => void;
  readonly save: (file: { readonly name: string; readonly text: string } | PngFile) => void;
  /** A sentence: why there is nothing to copy or save. */
  readonly onProblem: (sentence: string) => void;
}

interface PngFile {
  readonly name: string;
  readonly base64: string;
}

export function exportGroups(exported: Exported, { copy, save, onProblem }: ExportTargets): readonly MenuGroup[] {
  const { plan, findings, text, title, sql } = exported;
  const asText = async (): Promise<string> => (await import('../../plan/export/text')).planText(plan, findings);
  const asJson = async (): Promise<string> =>
    (await import('../../plan/export/json')).planJson(title, [plan], [findings]);
  const masked = async (): Promise<string> => (await import('../../plan/export/anonymize')).anonymized(text);
  const name = fileName(title);
  const item = (label: string, run: () => void | Promise<void>, note?: string): MenuItem => ({
    label,
    ...(note === undefined ? {} : { note }),
    run: () => void attempt(run).then((problem) => problem !== undefined && onProblem(problem)),
  });

  return [
    {
      name: 'Copy',
      items: [
        item('Text', async () => copy(await asText())),
        item('JSON', async () => copy(await asJson())),
        item('Anonymized', async () => copy(await masked()), 'names and values masked'),
        ...(sql === undefined ? [] : [item('Statement', () => copy(sql))]),
      ],
    },
    {
      name: 'Save as',
      items: [
        item('SVG…', async () => {
          const { svgOf } = await import('./export/picture');
          save({ name: `${name}.svg`, text: svgOf(plan, exported.picture) });
        }),
        item('PNG…', async () => {
          const { pngOf, svgOf } = await import('./export/picture');
          save({ name: `${name}.png`, base64: await pngOf(svgOf(plan, exported.picture)) });
        }),
        item('Text…', async () => save({ name: `${name}.txt`, text: await asText() })),
        item('JSON…', async () => save({ name: `${name}.json`, text: await asJson() })),
        item('Anonymized…', async () => save({ name: `${name}-anonymized.txt`, text: await masked() })),
      ],
    },
  ];
}

/** The sentence of what went wrong. */
async function attempt(run: () => void | Promise<void>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Without what a file's name must not hold on some system. */
export function fileName(title: string): string {
  const name = title
    .replace(/\.[a-z]{3,4}$/i, '')
    .replace(/[^\p{L}\p{N}_-]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'plan' : name.slice(0, 80);
}
