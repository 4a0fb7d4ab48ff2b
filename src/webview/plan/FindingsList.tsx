import { useState } from 'preact/hooks';
import type { Finding } from '../../plan/findings/finding';
import type { Plan } from '../../plan/model';
import { nodeTitle } from '../../plan/words';
import { ChevronIcon } from '../kit/icons';
import { FindingBody, type FindingActions } from './Finding';
import { share } from './scale';

interface FindingsListProps {
  readonly plan: Plan;
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** How many rules have looked; 0 until they have. */
  readonly rules: number;
  readonly actions: FindingActions;
  readonly onGoTo: (id: number) => void;
}

/** From so many on, one looks for one. */
const MANY = 6;

/** Up to so many, the first is opened at once. */
const FEW = 3;

/** All findings, ranked by what is at stake; choosing one opens it and shows its node. */
export function FindingsList({ plan, findings, rules, actions, onGoTo }: FindingsListProps) {
  const [filter, setFilter] = useState('');
  const [open, setOpen] = useState(findings.length <= FEW ? findings[0] : undefined);
  if (rules === 0) return null;
  if (findings.length === 0) {
    return (
      <p>
        {`No findings: none of ${rules} rules saw anything worth your time.`}
        {plan.analyzed ? '' : ' The statement was not run; EXPLAIN (ANALYZE, BUFFERS) would show more.'}
      </p>
    );
  }
  const words = filter.toLowerCase().split(/\s+/);
  const shown = findings.filter((finding) => words.every((word) => textOf(finding, plan).includes(word)));
  return (
    <>
      {findings.length < MANY ? null : (
        <input
          type="search"
          class="field findings-filter"
          aria-label="Filter findings"
          placeholder="Filter: index, setting, a table …"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      <ol class="findings">
        {shown.map((finding, index) => {
          const isOpen = finding === open;
          const node = finding.node === undefined ? undefined : plan.nodes[finding.node];
          return (
            <li key={index} class="finding">
              <button
                type="button"
                class="finding-head"
                aria-expanded={isOpen}
                onClick={() => {
                  setOpen(isOpen ? undefined : finding);
                  if (finding.node !== undefined && !isOpen) onGoTo(finding.node);
                }}
              >
                <ChevronIcon />
                <span class="finding-title">{finding.rule.title}</span>
                <Stake finding={finding} />
                <span class="finding-node dim">{node === undefined ? 'Whole statement' : nodeTitle(node)}</span>
              </button>
              {isOpen ? <FindingBody finding={finding} actions={actions} /> : null}
            </li>
          );
        })}
      </ol>
      {shown.length === 0 ? <p class="dim">No finding has these words.</p> : null}
    </>
  );
}

/** How much of the statement it is about. */
function Stake({ finding: { shareOfTime, shareOfBuffers } }: { finding: Finding }) {
  const part = shareOfTime ?? shareOfBuffers;
  const words = share(part, 1);
  if (part === undefined || words === '') return null;
  const kind = shareOfTime === undefined ? 'buffers' : 'time';
  return (
    <span class="finding-stake" title={`${words} of the statement’s ${kind}`}>
      <span class="finding-bar">
        <span class={`bar bar-${kind}`} style={{ width: `${Math.min(100, part * 100)}%` }} />
      </span>
      <span class="finding-share">
        {words}
        <span class="visually-hidden"> of the {kind}</span>
      </span>
    </span>
  );
}

function textOf({ rule, message, fixes, node }: Finding, plan: Plan): string {
  const place = node === undefined ? undefined : plan.nodes[node];
  const parts = [rule.title, rule.id, message, place === undefined ? 'whole statement' : nodeTitle(place)];
  for (const { kind, text } of fixes) parts.push(kind, text);
  return parts.join('\n').toLowerCase();
}
