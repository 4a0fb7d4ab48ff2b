import type { ComponentChildren } from 'preact';
import type { ExerciseView, ExpectationView, ReaderRequests, VerdictView } from '../../shared/protocol';
import { Button } from '../kit/controls';
import { FailedIcon, NewIcon, PassedIcon, StaleIcon, StartedIcon } from '../kit/icons';
import type { Ask } from '../kit/page';
import { Html } from './Html';
import { nextAction } from './lesson';

interface ExerciseProps {
  readonly exercise: ExerciseView;
  /** The heading above that already says the title. */
  readonly heading: string | undefined;
  readonly blocked: boolean;
  readonly ask: Ask<ReaderRequests>;
}

export function Exercise({ exercise, heading, blocked, ask }: ExerciseProps) {
  const { id, hints, hintCount, verdict } = exercise;
  const next = nextAction(exercise);
  const started = exercise.status !== 'new';
  const titleId = heading ?? `title-of-${id}`;
  return (
    <section
      class={`exercise exercise-${exercise.stale ? 'stale' : exercise.status}`}
      aria-labelledby={titleId}
      data-id={id}
      tabIndex={-1}
    >
      <div class="exercise-head">
        {heading === undefined ? <h3 id={titleId}>{exercise.title}</h3> : <span class="exercise-word">Exercise</span>}
        <span class="dim">{points(exercise.points)}</span>
        <State exercise={exercise} />
      </div>
      <div class="actions">
        <Button primary={next === 'start'} onClick={() => void ask('start', { id })}>
          {started ? 'Open file' : 'Start'}
        </Button>
        <Button
          primary={next === 'check'}
          busy={exercise.checking}
          disabled={blocked || !started}
          onClick={() => void ask('check', { id })}
        >
          {exercise.checking ? 'Checking' : 'Check'}
        </Button>
        {hintCount === 0 ? null : (
          <Button disabled={hints.length >= hintCount} onClick={() => void ask('hint', { id })}>
            {hints.length >= hintCount ? 'No more hints' : `Hint ${hints.length + 1} of ${hintCount}`}
          </Button>
        )}
        <span class="actions-quiet">
          {exercise.solution === undefined ? (
            <Button quiet onClick={() => void ask('solution', { id })}>
              Show solution
            </Button>
          ) : null}
          {started ? (
            <Button quiet onClick={() => void ask('reset', { id })}>
              Reset
            </Button>
          ) : null}
        </span>
      </div>
      <div class="verdict-place" role="status" aria-busy={exercise.checking}>
        {verdict === undefined ? null : (
          <Verdict
            verdict={verdict}
            stale={exercise.stale}
            bought={exercise.bought}
            passedBefore={exercise.status === 'passed'}
          />
        )}
      </div>
      <div class="hints" aria-live="polite">
        {hints.map((hint, index) => (
          <Aside key={index} title={`Hint ${index + 1}`} html={hint} />
        ))}
      </div>
      {exercise.solution === undefined ? null : <Aside title="Solution" html={exercise.solution} />}
    </section>
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

function Verdict(props: { verdict: VerdictView; stale: boolean; bought: string | undefined; passedBefore: boolean }) {
  const { verdict, stale, bought } = props;
  return (
    <div class="verdict">
      {stale ? <p class="stale-note">The file has changed since this check.</p> : null}
      {props.passedBefore && !verdict.passed ? <p class="stale-note">You passed before, and that counts.</p> : null}
      {verdict.passed && bought !== undefined ? <p class="bought">{bought}</p> : null}
      <p class="verdict-line">
        {verdict.passed ? <PassedIcon /> : <FailedIcon />}
        <span>
          <strong class={stale ? '' : 'visually-hidden'}>{verdict.passed ? 'Passed. ' : 'Not yet. '}</strong>
          {verdict.message === undefined ? null : <span class="verdict-message">{verdict.message} </span>}
          <span class="dim">
            {verdict.points} of {points(verdict.maxPoints)}
          </span>
        </span>
      </p>
      {verdict.expectations.length === 0 ? null : (
        <ul class="expectations">
          {verdict.expectations.map((expectation, index) => (
            <Expectation key={index} expectation={expectation} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Expectation({ expectation: { passed, message, expected, seen } }: { expectation: ExpectationView }) {
  return (
    <li>
      {passed ? <PassedIcon /> : <FailedIcon />}
      <div>
        <span class="visually-hidden">{passed ? 'Passed: ' : 'Not yet: '}</span>
        {message}
        {expected === undefined && seen === undefined ? null : (
          <dl class="compared">
            {expected === undefined ? null : (
              <div>
                <dt>Expected</dt>
                <dd>{expected}</dd>
              </div>
            )}
            {seen === undefined ? null : (
              <div>
                <dt>Seen</dt>
                <dd>{seen}</dd>
              </div>
            )}
          </dl>
        )}
      </div>
    </li>
  );
}

function Aside(props: { title: string; html: string }) {
  return (
    <div class="aside">
      <p class="aside-title">{props.title}</p>
      <Html html={props.html} class="prose" />
    </div>
  );
}

function points(count: number): string {
  return count === 1 ? '1 point' : `${count} points`;
}
