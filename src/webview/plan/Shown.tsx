import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Plan } from '../../plan/model';
import { nodeTitle } from '../../plan/words';
import type { PlanRequests, PlanSource, PlanState } from '../../shared/protocol';
import { Button, Ring } from '../kit/plain';
import { Elapsed } from '../kit/Elapsed';
import { ErrorIcon, InfoIcon, WarningIcon } from '../kit/icons';
import type { PageProps } from '../kit/page';
import { Verdict } from './Compared';
import { CompareTree } from './CompareTree';
import { exportGroups } from './exports';
import type { FindingActions } from './Finding';
import { Header } from './Header';
import { firstChange, knownOf, useComparison, useFindings } from './known';
import { OtherView } from './OtherView';
import { type Place, placeAt, savedTop, saveTop, usePlace, useTaste } from './place';
import { PlanTree } from './PlanTree';
import { problemsNote } from './problems';
import { flipped, type Folding, nodeOfKey, placesOf, rowShowing, rowsOf, toggled, unfoldedFor } from './rows';
import { worstNodes } from './scale';
import { nextHit, searchPlan } from './searchPlan';
import { Side } from './Side';
import { Splitter, useShares } from './Splitter';
import type { Problem } from './useReading';
import type { ViewProps } from './view';

type ShownProps = PageProps<PlanState, PlanRequests> & {
  readonly source: PlanSource;
  readonly plans: readonly Plan[];
  /** Of the plans in the same text that can't be read. */
  readonly problems: readonly Problem[];
};

/** A plan that was read, and all that can be done with it. */
export function Shown({ state, ask, view, source, plans, problems }: ShownProps) {
  const { serial } = state;
  const [taste, setTaste] = useTaste(view);
  const [saved, go] = usePlace(view, serial);
  const which = Math.min(saved?.which ?? 0, plans.length - 1);
  const plan = plans[which];
  const known = useMemo(() => (plan === undefined ? undefined : knownOf(plan)), [plan]);
  const { findings, failed } = useFindings(plan);
  const compared = useComparison(state.before, serial, plan);
  const { comparison } = compared;
  const { shares, setShares, style } = useShares(view);
  const [reveal, setReveal] = useState(0);
  const [asked, setAsked] = useState(0);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<string>();
  const page = useRef<HTMLDivElement>(null);

  const first = known === undefined ? 0 : (known.scale.costliest.time ?? known.scale.costliest.buffers ?? 0);
  // Until they are known there is room for them: what is shown must not change at once.
  const findingsFirst = state.before === undefined && (findings.rules === 0 || findings.all.length > 0);
  const place = saved ?? placeAt(serial, which, first, findingsFirst ? 'findings' : 'node');
  const folding = useMemo<Folding>(
    () => ({ folded: new Set(place.folded), openGroups: new Set(place.openGroups) }),
    [place.folded, place.openGroups],
  );
  const hits = useMemo(
    () => (plan === undefined || place.search === undefined ? undefined : searchPlan(plan, place.search)),
    [plan, place.search],
  );
  const matches = useMemo(() => (hits === undefined ? undefined : new Set(hits)), [hits]);
  const foldedPairs = useMemo(() => new Set(place.foldedPairs), [place.foldedPairs]);

  const openSearch = (): void => {
    setAsked(asked + 1);
    if (place.search === undefined) go({ ...place, search: '' });
  };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      openSearch();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  });

  if (plan === undefined || known === undefined) return null;
  const { tree, scale } = known;
  const { byNode } = findings;
  const selected = nodeOfKey(place.selected);

  const fold = (to: Folding): Pick<Place, 'folded' | 'openGroups'> => ({
    folded: [...to.folded],
    openGroups: [...to.openGroups],
  });
  const select = (key: number): void => {
    const pair = comparison?.pairs.findIndex(({ after }) => after === nodeOfKey(key));
    go({ ...place, selected: key, pair });
  };
  /** Selects a node wherever it is hidden, and shows it. */
  const goTo = (id: number, more: Partial<Place> = {}): void => {
    const pair = comparison?.pairs.findIndex(({ after }) => after === id);
    go({ ...place, ...fold(unfoldedFor(tree, id, folding)), foldedPairs: [], pair, ...more, selected: id });
    setReveal(reveal + 1);
    const to = plan.nodes[id];
    setSaid(to === undefined ? '' : nodeTitle(to));
  };
  const toggle = (key: number): void => {
    const next = toggled(folding, key);
    // A selection that would be out of sight moves to what hides it.
    const rows = rowsOf(tree, next);
    const row = rows[rowShowing(tree, placesOf(rows), place.selected)];
    go({ ...place, ...fold(next), selected: row?.key ?? key });
  };
  const focusView = (): void => page.current?.querySelector<HTMLElement>('#plan-view [tabindex="0"]')?.focus();
  const search = (text: string | undefined): void => {
    if (text === undefined) {
      go({ ...place, search: undefined });
      focusView();
      return;
    }
    const found = searchPlan(plan, text);
    const hit = found === undefined || found.includes(selected) ? undefined : nextHit(found, selected, false);
    if (hit === undefined) go({ ...place, search: text });
    else goTo(hit, { search: text });
  };
  const step = (backwards: boolean): void => {
    const hit = hits === undefined ? undefined : nextHit(hits, selected, backwards);
    if (hit !== undefined) goTo(hit);
  };

  const copy = (text: string): void => {
    void ask('copy', { text }).then((done) => done && setSaid('Copied'));
  };
  const actions: FindingActions = {
    copy,
    guarded: state.guarded,
    prove: state.provable && state.busy === undefined ? (sql) => void ask('prove', { sql }) : undefined,
    lesson: (lesson) => (state.lessons.includes(lesson) ? () => void ask('openLesson', { lesson }) : undefined),
  };
  const exports = exportGroups(
    {
      plan,
      findings: findings.all,
      text: source.text,
      title: source.title,
      sql: source.sql ?? plan.query,
      picture: { metric: taste.metric, alike: tree.alike, open: folding.openGroups, findings: byNode },
    },
    { copy, save: (file) => void ask('save', file), onProblem: setProblem },
  );

  const shared: ViewProps = {
    plan,
    sourceText: source.text,
    alike: tree.alike,
    openGroups: folding.openGroups,
    onToggleGroup: (group) => go({ ...place, openGroups: [...flipped(folding.openGroups, group)] }),
    findings: byNode,
    matches,
    selected,
    onSelect: (id) => select(id),
    reveal,
    metric: taste.metric,
    onMetric: (metric) => setTaste({ ...taste, metric }),
    view,
    serial,
  };
  const total = { total: taste.total, onTotal: (to: boolean) => setTaste({ ...taste, total: to }) };
  const what = comparison === undefined ? `plan ${which}` : 'changes';
  const scroll = { top: savedTop(view, serial, what), onScroll: (top: number) => saveTop(view, serial, what, top) };
  const unread = problemsNote(plans.length, problems);
  const pair = comparison === undefined ? -1 : (place.pair ?? firstChange(comparison));

  return (
    <div ref={page} class="plan-page">
      <Header
        state={state}
        source={source}
        plan={plan}
        plans={plans.length}
        which={which}
        onWhich={(to) => go(placeAt(serial, to, 0, place.side))}
        view={taste.view}
        onView={(name) => setTaste({ ...taste, view: name })}
        worst={worstNodes(scale)}
        selected={selected}
        onGoTo={(id) => {
          goTo(id);
          focusView();
        }}
        search={place.search}
        asked={asked}
        hits={hits}
        onSearch={search}
        onAskSearch={openSearch}
        onStep={step}
        onShow={(id) => void ask('show', { id })}
        onCompare={(id) => void ask('compare', id === undefined ? {} : { id })}
        actions={exports}
      />
      <p class="visually-hidden" role="status">
        {said}
      </p>
      {state.busy === undefined ? null : (
        <div class="busy">
          <span class="figure" role="status">
            <Ring /> {state.busy}
          </span>
          <Elapsed />
          <Button onClick={() => void ask('cancel')}>Cancel</Button>
        </div>
      )}
      {problem === undefined ? null : (
        <p class="note" role="alert">
          <ErrorIcon /> <span>{problem}</span>
        </p>
      )}
      {[source.note, compared.problem].map((note, index) =>
        note === undefined ? null : (
          <p key={index} class="note" role="note">
            <InfoIcon /> <span>{note}</span>
          </p>
        ),
      )}
      {unread === undefined ? null : (
        <p class="note" role="note">
          <WarningIcon /> <span>{unread}</span>
        </p>
      )}
      {comparison === undefined ? null : (
        <Verdict
          comparison={comparison}
          before={state.before?.title ?? ''}
          after={source.title}
          onStop={() => void ask('compare', {})}
        />
      )}
      <div class="plan-split" style={style}>
        <div id="plan-view" class="plan-view" role="tabpanel" aria-labelledby={`plan-view-${taste.view}`}>
          {taste.view !== 'tree' ? (
            <OtherView name={taste.view} shared={shared} findings={findings.all} onCopy={copy} />
          ) : comparison === undefined ? (
            <PlanTree
              key={which}
              {...total}
              {...scroll}
              plan={plan}
              tree={tree}
              scale={scale}
              findings={byNode}
              matches={matches}
              folding={folding}
              selected={place.selected}
              reveal={reveal}
              onSelect={select}
              onToggle={toggle}
            />
          ) : (
            <CompareTree
              key="changes"
              {...total}
              {...scroll}
              comparison={comparison}
              folded={foldedPairs}
              selected={pair}
              reveal={reveal}
              onSelect={(to) => go({ ...place, pair: to, selected: comparison.pairs[to]?.after ?? place.selected })}
              onToggle={(to) => go({ ...place, pair: to, foldedPairs: [...flipped(foldedPairs, to)] })}
            />
          )}
        </div>
        <Splitter shares={shares} onShares={setShares} />
        <Side
          plan={plan}
          known={known}
          findings={findings}
          failed={failed}
          place={place}
          comparison={comparison}
          pair={pair}
          ignoredSettings={source.ignoredSettings}
          actions={actions}
          onSide={(side) => go({ ...place, side })}
          onGoTo={goTo}
          onToggle={toggle}
        />
      </div>
    </div>
  );
}
