import { useRef } from 'preact/hooks';
import { type Plan, sharedBuffers } from '../../plan/model';
import { formatBlocks, formatBuffers, formatMs } from '../../plan/words';
import type { PlanSource, PlanState } from '../../shared/protocol';
import { Tool } from '../kit/plain';
import { GoToIcon, MoreIcon, SearchIcon } from '../kit/icons';
import { Menu, type MenuGroup } from '../kit/Menu';
import { TabList } from '../kit/TabList';
import { useWidth } from '../kit/useWidth';
import { compareGroups, History, historyGroups } from './History';
import type { ViewName } from './place';
import { Search } from './Search';
import type { Worst } from './scale';

interface HeaderProps {
  readonly state: PlanState;
  readonly source: PlanSource;
  readonly plan: Plan;
  /** How many plans the text holds, and which is shown. */
  readonly plans: number;
  readonly which: number;
  readonly onWhich: (which: number) => void;
  readonly view: ViewName;
  readonly onView: (view: ViewName) => void;
  readonly worst: readonly Worst[];
  readonly selected: number;
  readonly onGoTo: (id: number) => void;
  readonly search: string | undefined;
  readonly asked: number;
  readonly hits: readonly number[] | undefined;
  readonly onSearch: (text: string | undefined) => void;
  readonly onAskSearch: () => void;
  readonly onStep: (backwards: boolean) => void;
  readonly onShow: (id: string) => void;
  readonly onCompare: (id?: string) => void;
  /** Copying and exporting. */
  readonly actions: readonly MenuGroup[];
}

const TABS: readonly { readonly id: ViewName; readonly label: string }[] = [
  { id: 'tree', label: 'Tree' },
  { id: 'graph', label: 'Graph' },
  { id: 'flame', label: 'Flame' },
  { id: 'text', label: 'Text' },
  { id: 'source', label: 'Source' },
];

/** From these widths on, in CSS pixels, there is room for the words of a button, and for the history. */
const WORDS = 1000;
const HISTORY = 760;

/** How to look at the plan, what it took, and what can be done with it. */
export function Header(props: HeaderProps) {
  const { state, search, worst } = props;
  const head = useRef<HTMLElement>(null);
  const width = useWidth(head);
  const compare = compareGroups(state, props.onCompare);
  const more: readonly MenuGroup[] = [
    ...(width >= HISTORY ? [] : historyGroups(state, props.onShow)),
    ...(width >= WORDS ? [] : compare),
    ...props.actions,
  ];
  const at = worst.findIndex(({ id }) => id === props.selected);
  const next = worst[(at + 1) % worst.length];
  return (
    <header ref={head} class="plan-head">
      <TabList name="View" panel="plan-view" tabs={TABS} chosen={props.view} onChoose={props.onView} />
      <Facts plan={props.plan} source={props.source} />
      <div class="plan-tools" role="toolbar" aria-label="Plan">
        {props.plans < 2 ? null : (
          <Menu label={`Plan ${props.which + 1} of ${props.plans}`} groups={[whichGroup(props)]}>
            <span class="tool-text">
              Plan {props.which + 1} of {props.plans}
            </span>
          </Menu>
        )}
        {width < HISTORY ? null : <History state={state} onShow={props.onShow} />}
        {width < WORDS || compare.length === 0 ? null : (
          <Menu label="Compare with" groups={compare}>
            <span class="tool-text">Compare</span>
          </Menu>
        )}
        {next === undefined ? null : (
          <button
            type="button"
            class="tool"
            aria-label="Worst node"
            title={`Go to the worst node: ${next.why}`}
            onClick={() => props.onGoTo(next.id)}
          >
            <GoToIcon />
            {width < WORDS ? null : <span class="tool-text">Worst node</span>}
          </button>
        )}
        {search === undefined ? (
          <Tool label="Find nodes (Ctrl+F)" onClick={props.onAskSearch}>
            <SearchIcon />
          </Tool>
        ) : (
          <Search
            text={search}
            asked={props.asked}
            hits={props.hits}
            selected={props.selected}
            onText={props.onSearch}
            onStep={props.onStep}
            onClose={() => props.onSearch(undefined)}
          />
        )}
        <Menu label="More" groups={more}>
          <MoreIcon />
        </Menu>
      </div>
    </header>
  );
}

function whichGroup({ plans, which, onWhich }: HeaderProps): MenuGroup {
  return {
    name: 'In this text',
    items: Array.from({ length: plans }, (_, place) => ({
      label: `Plan ${place + 1}`,
      checked: place === which,
      run: () => onWhich(place),
    })),
  };
}

/** Of a statement: what is shown, and what its tooltip holds. */
const SHOWN = 300;
const TOLD = 4000;

function Facts({ plan, source }: { plan: Plan; source: PlanSource }) {
  const { executionMs, planningMs, analyzed, nodes } = plan;
  const buffers = nodes[0]?.buffers;
  const sql = source.sql ?? plan.query;
  return (
    <div class="facts" title={source.engine ?? ''}>
      {executionMs === undefined ? null : <Fact name="Execution">{formatMs(executionMs)}</Fact>}
      {planningMs === undefined ? null : <Fact name="Planning">{formatMs(planningMs)}</Fact>}
      {buffers === undefined || !analyzed ? null : (
        <span class="figure" title={formatBlocks(sharedBuffers(buffers))}>
          {formatBuffers(sharedBuffers(buffers))}
        </span>
      )}
      {analyzed ? null : <span class="figure">Estimated, not run</span>}
      {source.engine === undefined || source.engine === '' ? null : (
        <span class="figure dim engine">{source.engine}</span>
      )}
      {sql === undefined ? (
        <span class="statement dim">{source.title}</span>
      ) : (
        <code class="statement dim" title={sql.slice(0, TOLD)}>
          {sql.slice(0, TOLD).replace(/\s+/g, ' ').slice(0, SHOWN)}
        </code>
      )}
    </div>
  );
}

function Fact(props: { name: string; children: string }) {
  return (
    <span class="figure">
      <span class="dim">{props.name}</span> {props.children}
    </span>
  );
}
