import { useModule } from '../kit/useModule';
import type { ViewName } from './place';
import type { ViewProps } from './view';

const loadGraph = () => import('./graph/GraphView');
const loadFlame = () => import('./flame/FlameView');
const loadText = () => import('./textview/TextView');
const loadSource = () => import('./sourceview/SourceView');

interface OtherViewProps {
  readonly name: Exclude<ViewName, 'tree'>;
  readonly shared: ViewProps;
  readonly onCopy: (text: string) => void;
}

/** The views that are loaded when they are first looked at. */
export function OtherView({ name, shared, onCopy }: OtherViewProps) {
  const graph = useModule(loadGraph, name === 'graph');
  const flame = useModule(loadFlame, name === 'flame');
  const text = useModule(loadText, name === 'text');
  const source = useModule(loadSource, name === 'source');
  switch (name) {
    case 'graph':
      return graph === undefined ? null : <graph.GraphView {...shared} />;
    case 'flame':
      return flame === undefined ? null : <flame.FlameView {...shared} />;
    case 'text':
      return text === undefined ? null : <text.TextView {...shared} onCopy={onCopy} />;
    case 'source':
      return source === undefined ? null : <source.SourceView sourceText={shared.sourceText} onCopy={onCopy} />;
  }
}

/** A text that is no plan, with the place where it stops being one. */
export function WrongSource(props: {
  text: string;
  error: { readonly line: number; readonly column: number; readonly message: string };
  onCopy: (text: string) => void;
}) {
  const source = useModule(loadSource);
  return source === undefined ? null : (
    <source.SourceView sourceText={props.text} error={props.error} onCopy={props.onCopy} />
  );
}
