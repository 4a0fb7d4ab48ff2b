import { alikeTotals } from '../../plan/alike';
import type { Comparison } from '../../plan/compare/comparison';
import type { Plan } from '../../plan/model';
import { TabList } from '../kit/TabList';
import { missing } from '../kit/useModule';
import { PairDetail } from './Compared';
import { Detail, GroupDetail } from './Detail';
import type { FindingActions } from './Finding';
import { FindingsList } from './FindingsList';
import type { Known } from './known';
import type { Findings } from './lookFor';
import type { Place } from './place';
import { nodeOfKey } from './rows';

interface SideProps {
  readonly plan: Plan;
  readonly known: Known;
  readonly findings: Findings;
  /** The rules can't be loaded. */
  readonly failed: boolean;
  readonly place: Place;
  readonly comparison: Comparison | undefined;
  /** Place in its pairs. */
  readonly pair: number;
  readonly ignoredSettings: readonly string[];
  readonly actions: FindingActions;
  readonly onSide: (side: Place['side']) => void;
  readonly onGoTo: (id: number) => void;
  /** Shows alike nodes one by one, or as one; takes their row's key. */
  readonly onToggle: (key: number) => void;
}

/** Beside the plan: all its findings, or what is known of the selected node. */
export function Side(props: SideProps) {
  const { plan, place, findings } = props;
  const count = findings.all.length;
  return (
    <div class="side">
      <TabList
        name="Beside the plan"
        panel="plan-side"
        tabs={[
          { id: 'findings', label: count === 0 ? 'Findings' : `Findings ${count}` },
          { id: 'node', label: 'Node' },
        ]}
        chosen={place.side}
        onChoose={props.onSide}
      />
      <div
        key={place.side === 'node' ? `node ${place.selected} ${props.pair}` : 'findings'}
        id="plan-side"
        class="detail"
        role="tabpanel"
        aria-labelledby={`plan-side-${place.side}`}
        tabIndex={0}
      >
        {place.side === 'node' ? (
          <Selected {...props} />
        ) : props.failed ? (
          <p role="alert">{missing('The rules for findings')}</p>
        ) : (
          <FindingsList
            key={`${place.which} ${findings.rules}`}
            plan={plan}
            findings={findings.all}
            rules={findings.rules}
            actions={props.actions}
            onGoTo={props.onGoTo}
          />
        )}
      </div>
    </div>
  );
}

function Selected(props: SideProps) {
  const { plan, known, place, comparison, pair, ignoredSettings, actions, onToggle } = props;
  if (comparison !== undefined && pair >= 0) return <PairDetail comparison={comparison} place={pair} />;
  const id = nodeOfKey(place.selected);
  const node = plan.nodes[id] ?? plan.nodes[0];
  if (node === undefined) return null;
  const group = place.selected < 0 ? known.tree.alike.get(id) : undefined;
  if (group !== undefined) {
    return <GroupDetail node={node} totals={alikeTotals(plan, group)} onOpen={() => onToggle(place.selected)} />;
  }
  const findings = props.findings.byNode.get(node.id) ?? [];
  return <Detail {...{ node, plan, findings, ignoredSettings, actions }} />;
}
