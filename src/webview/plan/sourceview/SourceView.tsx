import { useMemo } from 'preact/hooks';
import { formatBytes, formatCount } from '../../../plan/words';
import { Button } from '../../kit/plain';
import { ErrorIcon } from '../../kit/icons';
import { Lines } from '../textview/Lines';
import { linesOf } from '../textview/textLines';

interface SourceProps {
  readonly sourceText: string;
  /** Why it is no plan; line and column from 1. */
  readonly error?: { readonly line: number; readonly column: number; readonly message: string };
  /** Puts it on the clipboard. */
  readonly onCopy: (text: string) => void;
}

/** What was pasted or printed, as it came. */
export function SourceView({ sourceText, error, onCopy }: SourceProps) {
  const lines = useMemo(() => linesOf(sourceText), [sourceText]);
  const at = error === undefined ? undefined : { line: error.line - 1, column: error.column - 1 };
  return (
    <div class="text-view">
      <div class="text-head">
        {error === undefined ? (
          <span class="dim">
            {formatCount(lines.count)} {lines.count === 1 ? 'line' : 'lines'}, {formatBytes(sourceText.length)}
          </span>
        ) : (
          <p class="source-error" role="alert">
            <ErrorIcon /> {error.message}{' '}
            <span class="dim">
              Line {error.line}, column {error.column}.
            </span>
          </p>
        )}
        <span class="push">
          <Button quiet onClick={() => onCopy(sourceText)}>
            Copy all
          </Button>
        </span>
      </div>
      <Lines
        lines={lines}
        label="Source of the plan"
        hasNumbers
        reveal={0}
        {...(at === undefined ? {} : { current: at.line, note: at })}
        mark={(line) => (line === at?.line ? { tone: 'error', words: 'Error' } : undefined)}
      />
    </div>
  );
}
