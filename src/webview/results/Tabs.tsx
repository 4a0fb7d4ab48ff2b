import { useEffect, useRef } from 'preact/hooks';
import type { ResultView } from '../../shared/protocol';
import { Ring } from '../kit/controls';
import { ErrorIcon, PassedIcon } from '../kit/icons';

/** One tab for each statement; arrow keys choose, as in the ARIA tabs pattern. */
export function Tabs(props: { results: readonly ResultView[]; chosen: number; onChoose: (tab: number) => void }) {
  const { results, chosen, onChoose } = props;
  const list = useRef<HTMLDivElement>(null);
  const choose = (tab: number): void => {
    onChoose(tab);
    const button = list.current?.children[tab];
    if (button instanceof HTMLElement) {
      button.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = results.length - 1;
    const to = {
      ArrowLeft: chosen === 0 ? last : chosen - 1,
      ArrowRight: chosen === last ? 0 : chosen + 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      choose(to);
    }
  };
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen]);
  return (
    <div ref={list} class="tabs" role="tablist" aria-label="Statements" onKeyDown={onKeyDown}>
      {results.map((result, index) => (
        <button
          key={index}
          type="button"
          role="tab"
          id={`tab-${index}`}
          class="tab"
          aria-selected={index === chosen}
          {...(index === chosen ? { 'aria-controls': 'result' } : {})}
          tabIndex={index === chosen ? 0 : -1}
          title={result.title}
          onClick={() => choose(index)}
        >
          <Mark status={result.status} />
          <span class="tab-number">{index + 1}</span> <span class="tab-title">{result.title}</span>
        </button>
      ))}
    </div>
  );
}

function Mark({ status }: { status: ResultView['status'] }) {
  switch (status) {
    case 'running':
      return <Ring />;
    case 'error':
      return <ErrorIcon />;
    case 'done':
      return <PassedIcon />;
    case 'cancelled':
      return null;
  }
}
