import { Button } from '../kit/plain';
import { WrongSource } from './OtherView';
import type { Problem } from './useReading';

interface UnreadableProps {
  readonly text: string;
  readonly problem: Problem;
  readonly onCopy: (text: string) => void;
  readonly onOpen: () => void;
}

/** A text that is no plan: the text, what is wrong with it, and where. */
export function Unreadable({ text, problem, onCopy, onOpen }: UnreadableProps) {
  const { message, nextStep, line, column } = problem;
  return (
    <>
      <div class="plan-split">
        <div class="plan-view">
          <WrongSource text={text} error={{ line, column, message }} onCopy={onCopy} />
        </div>
      </div>
      <div class="next-step">
        <p>{nextStep}</p>
        <Button onClick={onOpen}>Open another plan…</Button>
      </div>
    </>
  );
}
