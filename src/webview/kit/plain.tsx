/** Controls that are HTML's own: those that the toolkit has not, and the buttons of a page that does without it. */
import type { ComponentChildren } from 'preact';

/** The toolkit's badge has an inline style, which a strict CSP refuses. */
export function Badge(props: { tone?: 'plain' | 'marked'; title?: string; children: ComponentChildren }) {
  return (
    <span class={`badge badge-${props.tone ?? 'plain'}`} {...(props.title === undefined ? {} : { title: props.title })}>
      {props.children}
    </span>
  );
}

/** A small button of a toolbar, with its name as its tooltip. */
export function Tool(props: {
  readonly label: string;
  /** Of a button that stays down. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}) {
  return (
    <button
      type="button"
      class="tool"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled ?? false}
      {...(props.pressed === undefined ? {} : { 'aria-pressed': props.pressed })}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

interface ButtonProps {
  /** The one thing to do next. Others are secondary. */
  readonly primary?: boolean;
  /** Without a frame, among text. */
  readonly quiet?: boolean;
  readonly disabled?: boolean;
  readonly icon?: ComponentChildren;
  /** In words, where the text alone does not say what it is about. */
  readonly label?: string;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

/** Looks as the toolkit's. */
export function Button({ primary, quiet, disabled, icon, label, onClick, children }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button${primary === true ? ' primary' : ''}${quiet === true ? ' quiet' : ''}`}
      disabled={disabled ?? false}
      {...(label === undefined ? {} : { 'aria-label': label })}
      onClick={onClick}
    >
      {icon}
      {children}
    </button>
  );
}

/** That something is under way; the words beside it say what. */
export function Ring() {
  return <span class="ring spinner" aria-hidden="true" />;
}
