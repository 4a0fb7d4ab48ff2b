import type { Fact } from './fact';
import type { InventoryReference } from './inventory';

/** How a fact differs from the start. */
export interface Difference {
  readonly before: Fact | undefined;
  readonly now: Fact | undefined;
}

/** Every fact that appeared, went or has another value; pure. */
export function differences(before: readonly Fact[], now: readonly Fact[]): Difference[] {
  const old = new Map(before.map((fact) => [factKey(fact), fact]));
  const found: Difference[] = [];
  for (const fact of now) {
    const key = factKey(fact);
    const was = old.get(key);
    if (was?.value !== fact.value) found.push({ before: was, now: fact });
    old.delete(key);
  }
  for (const fact of old.values()) found.push({ before: fact, now: undefined });
  return found;
}

/**
 * What the solution changes is the exercise's subject: there, a student may change it as they like; where it adds
 * something, they may add what they like of the kind, since its name is their choice.
 */
export function subjectsOf(start: readonly Fact[], solution: readonly Fact[]): string[] {
  return [...new Set(differences(start, solution).map(subjectKey))];
}

export function subjectKey({ before, now }: Difference): string {
  const { category, object, name } = (now ?? before) as Fact;
  return before ? `changed ${category} ${object} ${name}` : `${ADDED}${category} ${object}`;
}

const ADDED = 'added ';

/** Names of the settings that the solution stores for a role or the database. */
export function subjectSettings(inventory: InventoryReference): string[] {
  const prefix = `${ADDED}setting `;
  return inventory.subjects.flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
}

/** The relations of the start, by name. */
export function relationsOf(facts: readonly Fact[]): Map<string, string> {
  return new Map(facts.filter((fact) => fact.category === 'relation').map((fact) => [fact.object, fact.value]));
}

function factKey({ category, object, name }: Fact): string {
  return JSON.stringify([category, object, name]);
}
