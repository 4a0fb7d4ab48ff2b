import { useEffect, useRef, useState } from 'preact/hooks';
import type { QuizView } from '../../shared/protocol';
import { Html } from './Html';
import { withItem } from './lesson';

/** Options to choose from, or items to tick. */
export function Quiz(props: {
  /** Of the exercise. */
  id: string;
  quiz: QuizView;
  disabled: boolean;
  /** Resolves when the host has it. */
  onAnswer: (chosen: readonly string[]) => Promise<unknown>;
}) {
  const { id, quiz, disabled } = props;
  const [chosen, choose] = useChosen(quiz.chosen, props.onAnswer);
  const boxes = quiz.kind === 'checklist' || quiz.multiple;
  return (
    <fieldset class={`quiz quiz-${quiz.kind}`} disabled={disabled}>
      <legend class={quiz.question === undefined && quiz.kind === 'checklist' ? 'visually-hidden' : ''}>
        {quiz.question === undefined ? null : <Html html={quiz.question} class="prose" />}
        {quiz.kind === 'checklist' ? (
          <span class="visually-hidden">Tick what you have done</span>
        ) : (
          <span class="quiz-how">{quiz.multiple ? 'Choose all that apply' : 'Choose one'}</span>
        )}
      </legend>
      {quiz.items.map((item) => (
        <label key={item.id} class="quiz-item">
          <input
            type={boxes ? 'checkbox' : 'radio'}
            name={`quiz-${id}`}
            value={item.id}
            checked={chosen.includes(item.id)}
            onChange={(event) =>
              choose(boxes ? withItem(quiz.items, chosen, item.id, event.currentTarget.checked) : [item.id])
            }
          />
          <Html html={item.html} class="prose" />
          {item.optional === true ? <span class="dim">optional</span> : null}
        </label>
      ))}
      {quiz.kind === 'checklist' ? (
        <p class="quiz-count dim" role="status">
          {chosen.length} of {quiz.items.length} done
        </p>
      ) : null}
    </fieldset>
  );
}

/** What is chosen shows at once; the host's word counts again when it has heard everything. */
function useChosen(
  known: readonly string[],
  onAnswer: (chosen: readonly string[]) => Promise<unknown>,
): [readonly string[], (chosen: readonly string[]) => void] {
  const [chosen, setChosen] = useState(known);
  const unheard = useRef(0);
  useEffect(() => {
    if (unheard.current === 0) {
      setChosen(known);
    }
  }, [known.join(' ')]);
  const choose = (next: readonly string[]): void => {
    setChosen(next);
    unheard.current++;
    void onAnswer(next).finally(() => {
      unheard.current--;
    });
  };
  return [chosen, choose];
}
