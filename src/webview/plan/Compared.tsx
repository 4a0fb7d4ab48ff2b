/** Words and figures of a comparison: what stands above the tree, and beside it. */
import type { Comparison } from '../../plan/compare/comparison';
import { type PlanNode, sharedBuffers } from '../../plan/model';
import { formatCount, formatMs, nodeTitle } from '../../plan/words';
import { Button } from '../kit/plain';
import { sidesOf } from './CompareTree';
import { estimatedRows, exclusiveShared } from './scale';

/** The verdict and the totals. */
export function Verdict(props: { comparison: Comparison; before: string; after: string; onStop: () => void }) {
  const { outcome, verdict, totals } = props.comparison;
  const figures = [
    { name: 'Execution', words: formatMs, ...totals.executionMs },
    { name: 'Buffers', words: formatCount, ...totals.buffers },
    { name: 'Temp blocks', words: formatCount, ...totals.tempBlocks },
    { name: 'Planning', words: formatMs, ...totals.planningMs },
    { name: 'Cost', words: formatCount, ...totals.cost },
  ];
  return (
    <section class="verdict" aria-label="Comparison">
      <p class="verdict-text">
        <strong class={`outcome outcome-${outcome}`}>{OUTCOMES[outcome]}</strong> {verdict}
      </p>
      <div class="verdict-totals">
        {figures.map(({ name, words, before, after }) =>
          (before === undefined && after === undefined) || (before === 0 && after === 0) ? null : (
            <span key={name} class="figure">
              <span class="dim">{name}</span>
              {before === undefined ? '–' : words(before)} → {after === undefined ? '–' : words(after)}
            </span>
          ),
        )}
        <span class="dim verdict-names" title={`${props.before} → ${props.after}`}>
          {props.before} → {props.after}
        </span>
        <Button quiet onClick={props.onStop}>
          Stop comparing
        </Button>
      </div>
    </section>
  );
}

const OUTCOMES = { better: 'Better.', worse: 'Worse.', same: 'No change.', unknown: '' } as const;

/** A pair's figures side by side, and what changed in words. */
export function PairDetail({ comparison, place }: { comparison: Comparison; place: number }) {
  const sides = sidesOf(comparison, place);
  const node = sides?.after ?? sides?.before;
  if (sides === undefined || node === undefined) return null;
  const { pair, before, after } = sides;
  const rows = FIGURES.flatMap(({ name, figure, words }) => {
    const [was, is] = [before && figure(before), after && figure(after)];
    const word = (value: number | undefined): string => (value === undefined ? '–' : words(value));
    return was === undefined && is === undefined ? [] : [{ name, before: word(was), after: word(is) }];
  });
  return (
    <>
      <h2>{nodeTitle(node)}</h2>
      {pair.change === 'same' ? <p class="dim">Unchanged.</p> : <p class="dim">{`This node: ${pair.change}.`}</p>}
      {pair.words.length === 0 ? null : (
        <ul class="words">
          {pair.words.map((word, index) => (
            <li key={index}>{word}</li>
          ))}
        </ul>
      )}
      <table class="sides">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, before: was, after: is }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{was}</td>
              <td class={was === is ? '' : 'change-after'}>{is}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

interface PairFigure {
  readonly name: string;
  readonly figure: (node: PlanNode) => number | undefined;
  readonly words: (value: number) => string;
}

const FIGURES: readonly PairFigure[] = [
  { name: 'Own time', figure: (node) => node.exclusiveMs, words: formatMs },
  { name: 'Total time', figure: (node) => node.inclusiveMs, words: formatMs },
  { name: 'Rows', figure: (node) => node.totalRows, words: formatCount },
  { name: 'Rows estimated', figure: estimatedRows, words: formatCount },
  { name: 'Loops', figure: (node) => node.loops, words: formatCount },
  { name: 'Own buffers', figure: exclusiveShared, words: formatCount },
  { name: 'Total buffers', figure: ({ buffers }) => buffers && sharedBuffers(buffers), words: formatCount },
  { name: 'Cost', figure: (node) => node.totalCost, words: formatCount },
];
