import type { ComponentChildren } from 'preact';
import type { ExerciseView, ReaderRequests } from '../../shared/protocol';
import { Button } from '../kit/controls';
import { FailedIcon, NewIcon, PassedIcon, StaleIcon, StartedIcon } from '../kit/icons';
import type { Ask } from '../kit/page';
import { Html } from './Html';
import { nextAction, pointsOf } from './lesson';
import { Quiz } from './Quiz';
import { Verdict } from './Verdict';

interface ExerciseProps {
  readonly exercise: ExerciseView;
  /** The heading above that already says the title. */
  readonly heading: string | undefined;
  readonly blocked: boolean;
  readonly ask: Ask<ReaderRequests>;
}

export function Exercise({ exercise, heading, blocked, ask }: ExerciseProps) {
  const { id, hints, quiz } = exercise;
  const titleId = heading ?? `title-of-${id}`;
  return (
    <section
      class={`exercise exercise-${exercise.stale ? 'stale' : exercise.status}`}
      aria-labelledby={titleId}
      data-id={id}
      tabIndex={-1}
    >
      <div class="exercise-head">
        {heading === undefined ? (
          <h3 id={titleId}>{exercise.title}</h3>
        ) : (
          <span class="exercise-word">{quiz?.kind === 'checklist' ? 'Checklist' : quiz ? 'Question' : 'Exercise'}</span>
        )}
        <span class="dim">{pointsOf(exercise.points)}</span>
        <Attempts exercise={exercise} ask={ask} />
        <State exercise={exercise} />
      </div>
      {quiz === undefined ? null : (
        <Quiz id={id} quiz={quiz} disabled={exercise.checking} onAnswer={(chosen) => ask('answer', { id, chosen })} />
      )}
      <Actions exercise={exercise} blocked={blocked} ask={ask} />
      <div class="verdict-place" role="status" aria-busy={exercise.checking}>
        {quiz?.kind === 'checklist' ? null : <Verdict exercise={exercise} />}
      </div>
      {quiz?.explanation === undefined ? null : <Aside title="Why" html={quiz.explanation} />}
      <div class="hints" aria-live="polite">
        {hints.map((hint, index) => (
          <Aside key={index} title={`Hint ${index + 1}`} html={hint} />
        ))}
      </div>
      {exercise.solution === undefined ? null : <Aside title="Solution" html={exercise.solution} />}
    </section>
  );
}

type PartProps = Pick<ExerciseProps, 'exercise' | 'ask'>;

function Actions({ exercise, blocked, ask }: PartProps & { blocked: boolean }) {
  const { id, hints, hintCount, quiz } = exercise;
  const next = nextAction(exercise);
  const started = exercise.status !== 'new';
  // a list to tick has nothing to check, and nothing to solve
  const checklist = quiz?.kind === 'checklist';
  const ready = quiz ? quiz.chosen.length > 0 : started && !blocked;
  if (checklist && hintCount === 0) {
    return null;
  }
  return (
    <div class="actions">
      {quiz ? null : (
        <Button primary={next === 'start'} onClick={() => void ask('start', { id })}>
          {started ? 'Open file' : 'Start'}
        </Button>
      )}
      {checklist ? null : (
        <Button
          primary={next === 'check'}
          busy={exercise.checking}
          disabled={!ready}
          onClick={() => void ask('check', { id })}
        >
          {exercise.checking ? 'Checking' : 'Check'}
        </Button>
      )}
      {hintCount === 0 ? null : (
        <Button disabled={hints.length >= hintCount} onClick={() => void ask('hint', { id })}>
          {hints.length >= hintCount ? 'No more hints' : `Hint ${hints.length + 1} of ${hintCount}`}
        </Button>
      )}
      <span class="actions-quiet">
        {exercise.solution === undefined && !checklist ? (
          <Button quiet onClick={() => void ask('solution', { id })}>
            Show solution
          </Button>
        ) : null}
        {started && !checklist ? (
          <Button quiet onClick={() => void ask('reset', { id })}>
            Reset
          </Button>
        ) : null}
      </span>
    </div>
  );
}

function Attempts({ exercise: { id, attempts = 0 }, ask }: PartProps) {
  if (attempts === 0) {
    return null;
  }
  return (
    <button type="button" class="attempts" onClick={() => void ask('attempts', { id })}>
      {attempts === 1 ? '1 attempt' : `${attempts.toLocaleString('en-US')} attempts`}
    </button>
  );
}

function State({ exercise }: { exercise: ExerciseView }) {
  const [icon, word] = stateOf(exercise);
  return (
    <span class="exercise-state">
      {icon} {word}
    </span>
  );
}

function stateOf({ status, stale }: ExerciseView): [ComponentChildren, string] {
  if (stale) {
    return [<StaleIcon />, 'Changed'];
  }
  switch (status) {
    case 'new':
      return [<NewIcon />, 'New'];
    case 'started':
      return [<StartedIcon />, 'Started'];
    case 'failed':
      return [<FailedIcon />, 'Not yet'];
    case 'passed':
      return [<PassedIcon />, 'Passed'];
  }
}

function Aside(props: { title: string; html: string }) {
  return (
    <div class="aside">
      <p class="aside-title">{props.title}</p>
      <Html html={props.html} class="prose" />
    </div>
  );
}
