import type { Finding, Fix } from '../../plan/findings/finding';
import { Button } from '../kit/plain';
import { Figures } from './Detail';

export interface FindingActions {
  readonly copy: (text: string) => void;
  /** Undefined where an index cannot be tried. */
  readonly prove: ((sql: string) => void) | undefined;
  /** Undefined where the lesson is not there. */
  readonly lesson: (lesson: string) => (() => void) | undefined;
  /** What would help is uncovered on demand: the person is to find it. */
  readonly guarded: boolean;
}

const MANUAL = 'https://www.postgresql.org/docs/current/';

/** A finding in full: what was seen, what to do, and why that may be wrong. */
export function FindingBody({ finding, actions }: { finding: Finding; actions: FindingActions }) {
  const { rule, message, evidence, fixes, doubt } = finding;
  const lesson = rule.lesson === undefined ? undefined : actions.lesson(rule.lesson);
  return (
    <div class="finding-body">
      <p>{message}</p>
      {evidence.length === 0 ? null : <Figures kind="figures" figures={evidence} />}
      {actions.guarded && fixes.length > 0 ? (
        <details class="guarded">
          <summary>What would help</summary>
          <Fixes fixes={fixes} actions={actions} />
        </details>
      ) : (
        <Fixes fixes={fixes} actions={actions} />
      )}
      {doubt === '' ? null : (
        <details>
          <summary>Reasons to doubt it</summary>
          <p>{doubt}</p>
        </details>
      )}
      <p class="finding-links">
        <a href={MANUAL + rule.manual}>Manual</a>
        {lesson === undefined ? null : (
          <button type="button" class="link" onClick={lesson}>
            Lesson
          </button>
        )}
        <span class="finding-source dim">
          Source: {rule.source.url === undefined ? rule.source.name : <a href={rule.source.url}>{rule.source.name}</a>}
        </span>
      </p>
    </div>
  );
}

function Fixes({ fixes, actions }: { fixes: readonly Fix[]; actions: FindingActions }) {
  return (
    <>
      {fixes.map((fix, index) => (
        <FixView key={index} fix={fix} actions={actions} />
      ))}
    </>
  );
}

function FixView({ fix, actions }: { fix: Fix; actions: FindingActions }) {
  const { text, sql, index } = fix;
  const { prove } = actions;
  return (
    <div class="fix">
      <p>{text}</p>
      {sql === undefined ? null : (
        <>
          <pre class="fix-sql" tabIndex={0}>
            <code>{sql}</code>
          </pre>
          <div class="fix-actions">
            {index === undefined || prove === undefined ? null : (
              <Button primary label={`Prove it: ${sql}`} onClick={() => prove(sql)}>
                Prove it
              </Button>
            )}
            <Button quiet label={`Copy: ${sql}`} onClick={() => actions.copy(sql)}>
              Copy
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
