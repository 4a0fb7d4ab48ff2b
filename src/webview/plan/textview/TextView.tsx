import { useMemo } from 'preact/hooks';
import { plain } from '../../../plan/export/plain';
import { planText } from '../../../plan/export/text';
import type { Finding } from '../../../plan/findings/finding';
import { formatCount } from '../../../plan/words';
import { Button } from '../../kit/plain';
import type { ViewProps } from '../view';
import { Lines } from './Lines';
import { linesOf, nodeLines, ownerOf } from './textLines';

type TextProps = Pick<ViewProps, 'plan' | 'matches' | 'selected' | 'onSelect' | 'reveal'> & {
  /** The worst first; the text has their numbers. */
  readonly allFindings: readonly Finding[];
  /** Puts it on the clipboard. */
  readonly onCopy: (text: string) => void;
};

/** The plan as EXPLAIN's text form, whatever it was read from. */
export function TextView({ plan, matches, selected, onSelect, reveal, allFindings, onCopy }: TextProps) {
  const lines = useMemo(() => linesOf(planText(plan, allFindings)), [plan, allFindings]);
  const starts = useMemo(
    () =>
      nodeLines(
        lines,
        plan.nodes.map(({ type }) => plain(type)),
      ),
    [lines, plan],
  );
  const found = useMemo(() => new Set(Array.from(matches ?? [], (id) => starts[id])), [matches, starts]);
  return (
    <div class="text-view">
      <div class="text-head">
        <span class="dim">{formatCount(lines.count)} lines</span>
        <span class="push">
          <Button quiet onClick={() => onCopy(lines.text)}>
            Copy all
          </Button>
        </span>
      </div>
      <Lines
        lines={lines}
        label="Plan as text"
        current={starts[selected] ?? -1}
        reveal={reveal}
        mark={(line) => (found.has(line) ? { tone: 'match', words: 'Matches the search' } : undefined)}
        onLine={(line) => onSelect(ownerOf(starts, line))}
      />
    </div>
  );
}
