import type { ChecklistExpectation, ChoiceExpectation } from '../../course/schema';
import type { Attempt } from '../attempt';
import type { Outcome } from '../verdict';

/** Ids behind `-- answer:`, whatever stands between them. */
function chosen({ answer }: Attempt): string[] {
  return [
    ...new Set(
      (answer ?? '')
        .toLowerCase()
        .split(/[^a-z0-9-]+/)
        .filter((id) => id !== ''),
    ),
  ];
}

/** Exactly the right options are chosen. Which are right is never told. */
export function checkChoice({ options, right }: ChoiceExpectation, attempt: Attempt): Outcome {
  const ids = chosen(attempt);
  const behaviour = `choice: ${[...ids].sort().join(', ')}`;
  const fail = (message: string): Outcome => ({ passed: false, message, behaviour });
  if (ids.length === 0) return fail(right.length > 1 ? 'Nothing is chosen yet.' : 'No option is chosen yet.');
  const stranger = ids.find((id) => !Object.hasOwn(options, id));
  if (stranger !== undefined)
    return fail(`There is no option “${stranger.slice(0, 40)}”: there are ${Object.keys(options).join(', ')}.`);
  if (right.length === 1 && ids.length > 1) return fail('Choose one option.');
  const wrong = ids.filter((id) => !right.includes(id));
  const message = wrong.map((id) => options[id]?.message).find((text) => text !== undefined);
  if (message !== undefined) return fail(message);
  if (wrong.length > 0)
    return fail(right.length > 1 ? 'Not all that is chosen is right.' : 'This option is not right.');
  if (ids.length < right.length) return fail('What is chosen is right, but not all that is.');
  return { passed: true, message: 'The choice is right.', behaviour };
}

/** Each box that must be ticked is an outcome, and earns its share. */
export function checkChecklist({ items }: ChecklistExpectation, attempt: Attempt): Outcome[] {
  const ticked = new Set(chosen(attempt));
  return Object.entries(items)
    .filter(([, { optional }]) => !optional)
    .map(([id, { text }]) => {
      const passed = ticked.has(id);
      return {
        passed,
        message: `${passed ? 'Ticked' : 'Not ticked'}: ${text}`,
        behaviour: `checklist ${id}: ${String(passed)}`,
      };
    });
}
