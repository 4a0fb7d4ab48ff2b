/**
 * The controls of every page. The only file that knows `@vscode/webview-ui-toolkit` (archived upstream);
 * how they look is `controls` in theme.css.
 */
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeProgressRing } from '@vscode/webview-ui-toolkit';
import type { ComponentChildren, HTMLAttributes as ElementAttributes } from 'preact';

declare module 'preact' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Preact's own, the only way to name further elements
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': ElementAttributes<HTMLElement> & {
        appearance?: 'primary' | 'secondary' | 'icon';
        disabled?: boolean;
        ariaDisabled?: string | null;
      };
      'vscode-progress-ring': ElementAttributes<HTMLElement>;
    }
  }
}

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeProgressRing());
}

interface ButtonProps {
  /** The one thing to do next. Others are secondary. */
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** A ring in the place of the icon. */
  readonly busy?: boolean;
  readonly icon?: ComponentChildren;
  /** In words, where the text alone does not say what it is about. */
  readonly label?: string;
  readonly quiet?: boolean;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

export function Button({ primary, disabled, busy, icon, label, quiet, onClick, children }: ButtonProps) {
  // A busy button keeps the focus and stays readable; it only does nothing.
  const off = (disabled ?? false) || (busy ?? false);
  return (
    <vscode-button
      appearance={primary === true ? 'primary' : 'secondary'}
      class={quiet === true ? 'quiet' : ''}
      disabled={disabled ?? false}
      ariaDisabled={busy === true ? 'true' : null}
      {...(label === undefined ? {} : { 'aria-label': label })}
      onClick={() => {
        if (!off) {
          onClick();
        }
      }}
    >
      <span class="button-content">
        {busy === true ? <Ring /> : icon}
        {children}
      </span>
    </vscode-button>
  );
}

export function IconButton(props: { label: string; onClick: () => void; children: ComponentChildren }) {
  return (
    <vscode-button appearance="icon" aria-label={props.label} title={props.label} onClick={props.onClick}>
      {props.children}
    </vscode-button>
  );
}

/** The toolkit's badge has an inline style, which our CSP refuses; this one is CSS. */
export function Badge(props: { tone?: 'plain' | 'marked'; title?: string; children: ComponentChildren }) {
  return (
    <span class={`badge badge-${props.tone ?? 'plain'}`} {...(props.title === undefined ? {} : { title: props.title })}>
      {props.children}
    </span>
  );
}

/** That something is under way; the words beside it say what. */
export function Ring() {
  return <vscode-progress-ring class="ring" aria-hidden="true" />;
}

/** A small button of a toolbar, with its name as its tooltip. */
export function Tool(props: { label: string; disabled?: boolean; onClick: () => void; children: ComponentChildren }) {
  return (
    <button
      type="button"
      class="tool"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}
