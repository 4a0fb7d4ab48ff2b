import type { Alike } from '../../plan/alike';
import type { Finding } from '../../plan/findings/finding';
import type { Plan } from '../../plan/model';
import type { ViewState } from '../kit/vscode';

/** What a plan is coloured and sized by. */
export type Metric = 'time' | 'buffers' | 'rows' | 'cost';

/** What every view of a plan gets, and may ask for. */
export interface ViewProps {
  readonly plan: Plan;
  /** What EXPLAIN printed, with whatever stood around it. */
  readonly sourceText: string;
  /** Subtrees that are shown as one, by the first member's id. */
  readonly alike: ReadonlyMap<number, Alike>;
  /** First ids of the groups that are shown member by member. */
  readonly openGroups: ReadonlySet<number>;
  readonly onToggleGroup: (first: number) => void;
  /** By node id; those of the whole plan are not in it. */
  readonly findings: ReadonlyMap<number, readonly Finding[]>;
  /** Nodes that the search found; undefined without a search. */
  readonly matches: ReadonlySet<number> | undefined;
  readonly selected: number;
  readonly onSelect: (id: number) => void;
  /** Changes when `selected` must be brought into sight. */
  readonly reveal: number;
  readonly metric: Metric;
  readonly onMetric: (metric: Metric) => void;
  readonly view: ViewState;
  readonly serial: number;
}
