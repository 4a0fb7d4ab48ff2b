import { ErrorIcon } from '../kit/icons';
import { missing, useModule } from '../kit/useModule';
import type { Finding } from '../../plan/findings/finding';
import type { ViewName } from './place';
import type { ViewProps } from './view';

const loadGraph = async () => (await import('./graph/GraphView')).GraphView;
const loadFlame = async () => (await import('./flame/FlameView')).FlameView;
const loadText = async () => (await import('./textview/TextView')).TextView;
const loadSource = async () => (await import('./sourceview/SourceView')).SourceView;

interface OtherViewProps {
  readonly name: Exclude<ViewName, 'tree'>;
  readonly shared: ViewProps;
  /** The worst first. */
  readonly findings: readonly Finding[];
  readonly onCopy: (text: string) => void;
}

/** The views that are loaded when they are first looked at. */
export function OtherView({ name, shared, findings, onCopy }: OtherViewProps) {
  const graph = useModule(loadGraph, name === 'graph');
  const flame = useModule(loadFlame, name === 'flame');
  const text = useModule(loadText, name === 'text');
  const source = useModule(loadSource, name === 'source');
  if ({ graph, flame, text, source }[name].failed) return <Missing />;
  switch (name) {
    case 'graph':
      return graph.part === undefined ? null : <graph.part {...shared} />;
    case 'flame':
      return flame.part === undefined ? null : <flame.part {...shared} />;
    case 'text':
      return text.part === undefined ? null : <text.part {...shared} allFindings={findings} onCopy={onCopy} />;
    case 'source':
      return source.part === undefined ? null : <source.part sourceText={shared.sourceText} onCopy={onCopy} />;
  }
}

/** A text that is no plan, with the place where it stops being one. */
export function WrongSource(props: {
  text: string;
  error: { readonly line: number; readonly column: number; readonly message: string };
  onCopy: (text: string) => void;
}) {
  const source = useModule(loadSource);
  if (source.failed) return <Missing />;
  return source.part === undefined ? null : (
    <source.part sourceText={props.text} error={props.error} onCopy={props.onCopy} />
  );
}

function Missing() {
  return (
    <p class="panel-text" role="alert">
      <ErrorIcon /> {missing('This view')}
    </p>
  );
}
