import type { Memento } from 'vscode';

/** Stands between a course's id and the time of a rehearsal; no id of the format has it. */
const MARK = '~student-';

/** The id under which an author tries a course as a student. */
export function rehearsalId(course: string, at: number): string {
  return `${course}${MARK}${at.toString(36)}`;
}

/** Whether an id, or a key that begins with one, names a rehearsal: nothing of it is kept. */
export function isRehearsal(course: string): boolean {
  return course.includes(MARK);
}

/** The course's own id. */
export function authorsId(course: string): string {
  const at = course.indexOf(MARK);
  return at === -1 ? course : course.slice(0, at);
}

/** A store that keeps what belongs to rehearsals in memory only: it is gone with the window, and never synced. */
export function withoutRehearsals(state: Memento): Memento {
  const passing = new Map<string, Record<string, unknown>>();
  return {
    keys: () => state.keys(),
    get<T>(key: string, fallback?: T): T | undefined {
      const kept = state.get<T>(key) ?? fallback;
      const memory = passing.get(key);
      return memory ? (joined(kept, memory) as T) : kept;
    },
    update: async (key: string, value: unknown) => {
      const { kept, memory } = split(value);
      if (memory) passing.set(key, memory);
      else passing.delete(key);
      await state.update(key, kept);
    },
  };
}

/** Records stand under `course/lesson/exercise`, at the top or, of progress, below `exercises`. */
function split(value: unknown): { kept: unknown; memory?: Record<string, unknown> } {
  if (!isRecord(value)) return { kept: value };
  const inner = isRecord(value['exercises']) ? value['exercises'] : value;
  const entries = Object.entries(inner);
  const memory = Object.fromEntries(entries.filter(([key]) => isRehearsal(key)));
  if (Object.keys(memory).length === 0) return { kept: value };
  const rest = Object.fromEntries(entries.filter(([key]) => !isRehearsal(key)));
  return { kept: inner === value ? rest : { ...value, exercises: rest }, memory };
}

function joined(kept: unknown, memory: Record<string, unknown>): unknown {
  if (!isRecord(kept)) return { ...memory };
  return isRecord(kept['exercises'])
    ? { ...kept, exercises: { ...kept['exercises'], ...memory } }
    : { ...kept, ...memory };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
