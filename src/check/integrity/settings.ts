import { statements } from '../../sql/statements';
import type { Exercise } from '../../course/lesson';
import type { PlanSetting } from '../pinned';
import type { Finding } from './findings';
import type { Fact } from './fact';

const PLANNER =
  /^(?:enable_\w+|\w+_cost|work_mem|hash_mem_multiplier|plan_cache_mode|join_collapse_limit|from_collapse_limit|geqo\w*|jit\w*|effective_cache_size|constraint_exclusion|cursor_tuple_fraction|min_parallel_\w+|max_parallel_workers_per_gather|(?:debug|force)_parallel_\w+)$/;

/** Plans are measured without them, whatever is stored. */
const ALWAYS_PINNED = new Set(['max_parallel_workers_per_gather', 'jit']);

/** Not a failure: the check went on under PostgreSQL's own defaults. */
export function storedSettingsFinding(
  facts: readonly Fact[],
  settings: readonly PlanSetting[],
  subject: readonly string[],
): Finding[] {
  const told = settings.filter(({ name, planner }) => planner && !ALWAYS_PINNED.has(name) && !subject.includes(name));
  const names = told.flatMap(({ name, value }) =>
    facts.some((fact) => fact.category === 'setting' && fact.object === name && fact.value !== value) ? [name] : [],
  );
  if (names.length === 0) return [];
  return [
    {
      harmless: true,
      message: `The check used PostgreSQL’s defaults for ${names.join(', ')}, which this database or role changes.`,
      behaviour: '',
    },
  ];
}

/** Planner settings that the file sets for its session, unless the exercise's own texts do. */
export function sessionSettingsFinding(exercise: Exercise, text: string): Finding[] {
  const known = new Set([exercise.starter.text, exercise.solution.text].flatMap(settingsIn));
  const names = [...new Set(settingsIn(text))].filter((name) => !known.has(name));
  if (names.length === 0) return [];
  return [
    {
      harmless: true,
      message: `${names.join(', ')}: SET holds in your session; the check has one of its own, with PostgreSQL’s defaults.`,
      behaviour: '',
    },
  ];
}

function settingsIn(text: string): string[] {
  return statements(text).flatMap((statement) => {
    const name = /^SET\s+(?:(?:SESSION|LOCAL)\s+)?([a-z_0-9]+)\s*(?:=|\bTO\b)/i
      .exec(statement.text)?.[1]
      ?.toLowerCase();
    return name !== undefined && PLANNER.test(name) ? [name] : [];
  });
}
