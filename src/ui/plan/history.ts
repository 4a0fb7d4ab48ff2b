import { l10n, Uri, workspace } from 'vscode';
import type { ExerciseArgument } from '../../contributions';
import type { PlanEntry, PlanSource } from '../../shared/protocol';
import type { ExerciseFiles } from '../exercise/files';

/** Kept of each place where plans come from. */
const MOST = 30;

/** Larger plans (UTF-16 units) stay in memory only. */
const LARGEST_STORED = 500_000;

/** What a plan comes with before it is kept. */
export type NewPlan = Omit<PlanSource, 'id' | 'title' | 'at'>;

/**
 * The plans of each document or lesson example, the oldest first: what a person steps through and compares. Those of an exercise's
 * file outlive the window, in `<storage>/plans/<course>/<lesson>/<exercise>.json`.
 */
export class PlanHistory {
  private readonly kept = new Map<string, Promise<PlanSource[]>>();

  constructor(
    private readonly storage: Uri,
    private readonly files: ExerciseFiles,
  ) {}

  /** @param origin a document's URI, or the id of a lesson's example */
  async of(origin: string): Promise<readonly PlanSource[]> {
    return this.list(origin);
  }

  async keep(origin: string, plan: NewPlan): Promise<PlanSource> {
    const list = await this.list(origin);
    const number = Number(list.at(-1)?.id.split('#').at(-1) ?? 0) + 1;
    const title = this.exerciseOf(origin) ? l10n.t('Attempt {0}', number) : l10n.t('Run {0}', number);
    const source: PlanSource = { ...plan, id: `${origin}#${number}`, title, at: Date.now() };
    list.push(source);
    list.splice(0, Math.max(0, list.length - MOST));
    await this.store(origin, list);
    return source;
  }

  /** Every plan kept in this window, the newest first. */
  async all(): Promise<readonly PlanSource[]> {
    const lists = await Promise.all(this.kept.values());
    return lists.flat().sort((a, b) => b.at - a.at);
  }

  private list(origin: string): Promise<PlanSource[]> {
    let list = this.kept.get(origin);
    if (!list) this.kept.set(origin, (list = this.load(origin)));
    return list;
  }

  private async load(origin: string): Promise<PlanSource[]> {
    const exercise = this.exerciseOf(origin);
    if (!exercise) return [];
    try {
      return JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(this.file(exercise)))) as PlanSource[];
    } catch {
      return []; // none kept yet, or cut off by a crash
    }
  }

  private async store(origin: string, list: readonly PlanSource[]): Promise<void> {
    const exercise = this.exerciseOf(origin);
    if (!exercise) return;
    const small = list.filter(({ text }) => text.length <= LARGEST_STORED);
    await workspace.fs.writeFile(this.file(exercise), new TextEncoder().encode(JSON.stringify(small)));
  }

  private exerciseOf(origin: string): ExerciseArgument | undefined {
    return origin.includes(':') ? this.files.exerciseOf(Uri.parse(origin)) : undefined;
  }

  private file({ course, lesson, exercise }: ExerciseArgument): Uri {
    return Uri.joinPath(this.storage, 'plans', course, lesson, `${exercise}.json`);
  }
}

/** Without the text: a page needs only those it shows. */
export function entryOf({ id, title, at, sql, engine, figures }: PlanSource): PlanEntry {
  return {
    id,
    title,
    at,
    ...(sql !== undefined && { sql }),
    ...(engine !== undefined && { engine }),
    ...(figures !== undefined && { figures }),
  };
}
