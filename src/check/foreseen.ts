import type { Reference } from './reference';

/** How an attempt did at each expectation, and last at the integrity. */
export interface Behaviour {
  readonly groups: readonly string[];
  /** Whether all of the group's outcomes passed. */
  readonly passed: readonly boolean[];
}

/**
 * Which foreseen wrong answer an attempt is; pure. In this order:
 *
 * 1. The one that behaved the same at every expectation.
 * 2. One whose every failure the attempt shares. What fails besides must be a fault of its own: where the wrong
 *    answer passes and the attempt does no better than the starter, that part is not done yet, and the message
 *    would speak of something else. Most failures shared wins, then the order of the file.
 * 3. An index of an earlier try may have changed the plan for some of the hidden parameters: the one that shares
 *    most of the plans, if each of the attempt's plans is that of some foreseen wrong answer. Plans of the starter
 *    count for none: where an index does not help, it is planned as if there were none. Equals go to `written`,
 *    which tells how much of a wrong answer's text the file has.
 * @returns its index, or -1
 */
export function foreseenAs(
  attempt: Behaviour,
  { wrong, starter }: Pick<Reference, 'wrong' | 'starter'>,
  written: (index: number) => number = () => 0,
): number {
  const failing = (behaviour: Behaviour): number[] =>
    behaviour.groups.flatMap((_, group) => (behaviour.passed[group] === true ? [] : [group]));
  const same = wrong.findIndex(
    (answer) => failing(answer).length > 0 && answer.groups.join('\0') === attempt.groups.join('\0'),
  );
  if (same !== -1) return same;

  const failed = failing(attempt);
  /** The faults beside those of `answer` are faults of their own. */
  const independent = (answer: Behaviour): boolean =>
    failed.every((group) => answer.passed[group] !== true || attempt.groups[group] !== starter.groups[group]);
  const candidates = wrong
    .map((answer, index) => ({ answer, index, faults: failing(answer) }))
    .filter(({ answer, faults }) => faults.length > 0 && independent(answer));

  const sharing = candidates.filter(({ answer, faults }) =>
    faults.every((group) => attempt.groups[group] === answer.groups[group]),
  );
  const [most] = sharing.sort((a, b) => b.faults.length - a.faults.length || a.index - b.index);
  if (most) return most.index;

  const mixed = candidates.flatMap((candidate) => {
    let shared = 0;
    for (const group of candidate.faults) {
      const mine = split(attempt.groups[group]);
      const known = new Set(wrong.flatMap(({ groups }) => split(groups[group]).plans));
      const theirs = split(candidate.answer.groups[group]);
      const begun = split(starter.groups[group]).plans;
      const common = mine.plans.filter((plan) => theirs.plans.includes(plan) && !begun.includes(plan)).length;
      const alike = mine.rest === theirs.rest && mine.plans.every((plan) => known.has(plan));
      if (attempt.groups[group] !== candidate.answer.groups[group] && (!alike || common === 0)) return [];
      shared += common;
    }
    return shared > 0 ? [{ index: candidate.index, shared, text: written(candidate.index) }] : [];
  });
  mixed.sort((a, b) => b.text - a.text || b.shared - a.shared || a.index - b.index);
  return mixed[0]?.index ?? -1;
}

/** A group's first line ends with the shapes of its plans, " | " between them; see kinds/plan.ts. */
function split(behaviour = ''): { plans: string[]; rest: string } {
  const [first = '', ...others] = behaviour.split('\n');
  const [head = '', ...tail] = first.split(' | ');
  const at = head.search(/(?<=: \S+) (?=[A-Z])/);
  const plans = at === -1 ? [] : [head.slice(at + 1), ...tail];
  return { plans, rest: [at === -1 ? first : head.slice(0, at), ...others].join('\n') };
}
