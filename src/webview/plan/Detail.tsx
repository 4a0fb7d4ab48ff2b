import { type AlikeTotals } from '../../plan/alike';
import type { Finding } from '../../plan/findings/finding';
import type { Plan, PlanNode } from '../../plan/model';
import { formatCount, formatMs, formatRows } from '../../plan/words';
import { buffers, computedOf, type Figure, planFigures, sectionsOf, target } from './figures';
import { FindingBody, type FindingActions } from './Finding';

interface DetailProps {
  readonly node: PlanNode;
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly ignoredSettings: readonly string[];
  readonly actions: FindingActions;
}

/** All that is known of a node, the findings first. */
export function Detail({ node, plan, findings, ignoredSettings, actions }: DetailProps) {
  const place = target(node);
  const whole = node.parent === undefined ? planFigures(plan, ignoredSettings) : [];
  const computed = computedOf(node);
  return (
    <>
      <h2>{node.type}</h2>
      {node.subplan === undefined ? null : <p class="dim">{node.subplan}</p>}
      {place === '' ? null : <p class="dim">{place}</p>}
      {node.neverExecuted ? <p>Never executed.</p> : null}
      {findings.map((finding, index) => (
        <article key={index} class="finding">
          <h3>{finding.rule.title}</h3>
          <FindingBody finding={finding} actions={actions} />
        </article>
      ))}
      {sectionsOf(node, plan).map(({ name, kind, figures }) => (
        <section key={name}>
          {name === undefined ? null : <h3>{name}</h3>}
          <Figures kind={kind} figures={figures} />
          {name !== undefined || computed.length === 0 ? null : (
            <div class="computed dim">
              {computed.map((line) => (
                <p key={line}>{line}</p>
              ))}
            </div>
          )}
        </section>
      ))}
      {whole.length === 0 ? null : (
        <section>
          <h3>Whole plan</h3>
          <Figures kind="text" figures={whole} />
        </section>
      )}
    </>
  );
}

/** What a row of alike nodes stands for. */
export function GroupDetail({ node, totals, onOpen }: { node: PlanNode; totals: AlikeTotals; onOpen: () => void }) {
  const figures: (Figure | undefined)[] = [
    totals.neverExecuted === 0
      ? undefined
      : { name: 'Never executed', value: `${formatCount(totals.neverExecuted)} of ${formatCount(totals.count)}` },
    totals.inclusiveMs === undefined ? undefined : { name: 'Time in all', value: formatMs(totals.inclusiveMs) },
    totals.rows === undefined ? undefined : { name: 'Rows in all', value: formatRows(totals.rows) },
    totals.planRows === undefined ? undefined : { name: 'Rows estimated', value: formatCount(totals.planRows) },
    totals.buffers === undefined ? undefined : { name: 'Buffers in all', value: buffers(totals.buffers) },
    totals.totalCost === undefined ? undefined : { name: 'Cost in all', value: formatCount(totals.totalCost) },
  ];
  return (
    <>
      <h2>
        {formatCount(totals.count)} × {node.type}
      </h2>
      {totals.pattern === undefined ? null : <p class="dim">on {totals.pattern}</p>}
      <Figures kind="figures" figures={figures.filter((entry) => entry !== undefined)} />
      <button type="button" class="link" onClick={onOpen}>
        Show or hide them one by one
      </button>
    </>
  );
}

export function Figures({ kind, figures }: { kind: 'figures' | 'text'; figures: readonly Figure[] }) {
  return (
    <dl class={kind === 'figures' ? 'figures' : 'properties'}>
      {figures.map(({ name, value }, index) => (
        <div key={index}>
          <dt class={name === '' ? 'visually-hidden' : ''}>{name === '' ? 'Columns' : name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
