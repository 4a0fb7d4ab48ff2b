import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { LessonLink, ReaderRequests, ReaderState } from '../../shared/protocol';
import { Button } from '../kit/controls';
import { BackIcon, ForwardIcon, RunIcon, WarningIcon } from '../kit/icons';
import type { Ask, PageProps } from '../kit/page';
import { Exercise } from './Exercise';
import { Html } from './Html';
import { headingOf, linkTarget, progressOf } from './lesson';
import { Outline } from './Outline';
import { keepAnchor, keepPlace, reveal, show } from './place';

export function ReaderPage({ state, ask, view }: PageProps<ReaderState, ReaderRequests>) {
  const { course, lesson } = state.lesson;
  const key = `${course}/${lesson}`;
  const title = useRef<HTMLHeadingElement>(null);

  // Each lesson starts at its top, or where it was left.
  const shown = useRef<string>();
  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = key;
    // For the host, which restores the page after a restart.
    view.set('lesson', { course, lesson });
    if (before !== undefined) {
      title.current?.focus({ preventScroll: true });
    }
    return keepPlace(view, key);
  }, [key]);

  useEffect(() => keepAnchor(), []);

  const wanted = state.reveal;
  useEffect(() => {
    if (wanted !== undefined && view.get('revealed') !== wanted.serial) {
      view.set('revealed', wanted.serial);
      reveal(wanted);
    }
  }, [wanted?.serial]);

  const exercises = useMemo(
    () => new Map(state.exercises.map((exercise) => [exercise.id, exercise])),
    [state.exercises],
  );
  let example = 0;

  return (
    <div class="reader" onClick={(event) => followLink(event, ask)}>
      <Outline key={key} entries={state.outline} view={view} />
      <main class="lesson">
        <Head state={state} title={title} />
        {state.blocked === undefined ? null : (
          <p class="banner" role="note">
            <WarningIcon /> <span>{state.blocked}</span>
          </p>
        )}
        {state.segments.map((segment, index) => {
          switch (segment.kind) {
            case 'html':
              return <Html key={`${key} ${index}`} html={segment.html} class="prose" />;
            case 'sql':
              example++;
              return (
                <Example
                  key={`${key} ${segment.id}`}
                  id={segment.id}
                  html={segment.html}
                  explainable={segment.explainable}
                  number={example}
                  running={state.running === segment.id}
                  blocked={state.blocked !== undefined}
                  ask={ask}
                />
              );
            case 'exercise': {
              const exercise = exercises.get(segment.id);
              return exercise === undefined ? null : (
                <Exercise
                  key={`${key} ${segment.id}`}
                  exercise={exercise}
                  heading={headingOf(exercise.title, state.segments, index, state.outline)}
                  blocked={state.blocked !== undefined}
                  ask={ask}
                />
              );
            }
          }
        })}
        <Neighbours previous={state.previous} next={state.next} ask={ask} />
      </main>
    </div>
  );
}

function Head({ state, title }: { state: ReaderState; title: { current: HTMLHeadingElement | null } }) {
  const { passed, total } = progressOf(state.exercises);
  return (
    <header class="head">
      <p class="crumbs">
        {state.courseTitle} <span aria-hidden="true">›</span> {state.section}
      </p>
      <h1 ref={title} tabIndex={-1}>
        {state.lesson.title}
      </h1>
      <p class="facts">
        <span class="fact kind">{state.kind}</span>
        <span class="fact">{state.minutes} min</span>
        <span class="fact">{state.engine}</span>
        {total === 0 ? null : (
          <span class="fact progress">
            <progress class="progress-bar" value={passed} max={total} aria-hidden="true" />
            {passed} of {total} {total === 1 ? 'exercise' : 'exercises'}
          </span>
        )}
      </p>
    </header>
  );
}

function Example(props: {
  id: string;
  html: string;
  /** EXPLAIN takes its first statement. */
  explainable: boolean;
  number: number;
  running: boolean;
  blocked: boolean;
  ask: Ask<ReaderRequests>;
}) {
  const { id, running } = props;
  const off = props.blocked || running;
  const run = (mode: 'run' | 'explain' | 'analyze') => () => void props.ask('runBlock', { id, mode });
  return (
    <div class="example" role="group" aria-label={`Example ${props.number}`} data-id={id} tabIndex={-1}>
      <Html html={props.html} class="example-code" />
      <div class="example-actions">
        <Button quiet icon={<RunIcon />} busy={running} disabled={props.blocked} onClick={run('run')}>
          {running ? 'Running' : 'Run'}
        </Button>
        {props.explainable ? (
          <>
            <Button quiet disabled={off} onClick={run('explain')}>
              Explain
            </Button>
            <Button quiet disabled={off} onClick={run('analyze')}>
              Explain Analyze
            </Button>
          </>
        ) : null}
      </div>
    </div>
  );
}

function Neighbours(props: {
  previous: LessonLink | undefined;
  next: LessonLink | undefined;
  ask: Ask<ReaderRequests>;
}) {
  const { previous, next, ask } = props;
  if (previous === undefined && next === undefined) {
    return null;
  }
  const open =
    ({ course, lesson }: LessonLink) =>
    () =>
      void ask('openLesson', { course, lesson });
  return (
    <nav class="neighbours" aria-label="Lessons">
      {previous === undefined ? (
        <span />
      ) : (
        <button type="button" class="neighbour" onClick={open(previous)}>
          <BackIcon />
          <span>
            <span class="neighbour-way">Previous</span>
            {previous.title}
          </span>
        </button>
      )}
      {next === undefined ? null : (
        <button type="button" class="neighbour neighbour-next" onClick={open(next)}>
          <span>
            <span class="neighbour-way">Next</span>
            {next.title}
          </span>
          <ForwardIcon />
        </button>
      )}
    </nav>
  );
}

/** VS Code would open a relative link against the page's own address; the host knows the lesson's folder. */
function followLink(event: MouseEvent, ask: Ask<ReaderRequests>): void {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  const href = link?.getAttribute('href');
  if (href === null || href === undefined) {
    return;
  }
  const target = linkTarget(href);
  if (target.kind === 'web') {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  if (target.kind === 'heading') {
    show(target.slug);
  } else if (target.kind === 'file') {
    void ask('openLink', { href });
  }
}
