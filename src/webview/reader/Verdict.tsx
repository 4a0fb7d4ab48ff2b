import type { ExerciseView, ExpectationView } from '../../shared/protocol';
import { FailedIcon, InfoIcon, PassedIcon } from '../kit/icons';
import { pointsOf } from './lesson';
import { RowsDiff } from './RowsDiff';

/** What the last check found. */
export function Verdict({ exercise }: { exercise: ExerciseView }) {
  const { verdict, stale, bought, quiz } = exercise;
  if (verdict === undefined) {
    return null;
  }
  // of a choice there is one thing to say
  const message = verdict.message ?? (quiz === undefined ? undefined : verdict.expectations[0]?.message);
  return (
    <div class="verdict">
      {stale ? <p class="stale-note">{staleNote(exercise)}</p> : null}
      {exercise.status === 'passed' && !verdict.passed ? (
        <p class="stale-note">You passed before, and that counts.</p>
      ) : null}
      {verdict.passed && bought !== undefined ? <p class="bought">{bought}</p> : null}
      <p class="verdict-line">
        {verdict.passed ? <PassedIcon /> : <FailedIcon />}
        <span>
          <strong class={stale ? '' : 'visually-hidden'}>{verdict.passed ? 'Passed. ' : 'Not yet. '}</strong>
          {message === undefined ? null : <span class="verdict-message">{message} </span>}
          <span class={message === undefined ? 'dim' : 'verdict-points dim'}>
            {verdict.points} of {pointsOf(verdict.maxPoints)}
          </span>
        </span>
      </p>
      {quiz !== undefined || verdict.expectations.length === 0 ? null : (
        <ul class="expectations">
          {verdict.expectations.map((expectation, index) => (
            <Expectation key={index} expectation={expectation} />
          ))}
        </ul>
      )}
    </div>
  );
}

function staleNote({ outdated, quiz }: ExerciseView): string {
  if (outdated === true) {
    return 'The exercise has changed since this check.';
  }
  return quiz === undefined ? 'The file has changed since this check.' : 'Your choice has changed since this check.';
}

function Expectation({ expectation }: { expectation: ExpectationView }) {
  const { passed, note, message, expected, seen, rows } = expectation;
  return (
    <li>
      {note === true ? <InfoIcon /> : passed ? <PassedIcon /> : <FailedIcon />}
      <div>
        <span class="visually-hidden">{note === true ? 'Note: ' : passed ? 'Passed: ' : 'Not yet: '}</span>
        {message}
        {rows === undefined ? <SideBySide expected={expected} seen={seen} /> : <RowsDiff diff={rows} />}
      </div>
    </li>
  );
}

function SideBySide({ expected, seen }: { expected: string | undefined; seen: string | undefined }) {
  if (expected === undefined && seen === undefined) {
    return null;
  }
  return (
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
  );
}
