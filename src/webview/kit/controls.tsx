/**
 * The toolkit's controls, for the pages of lessons. The only file that knows `@vscode/webview-ui-toolkit` (archived upstream);
 * how they look is `controls` in theme.css. The plan page has plain.tsx: the toolkit weighs a quarter of what that page may weigh.
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

/** That something is under way; the words beside it say what. */
export function Ring() {
  return <vscode-progress-ring class="ring" aria-hidden="true" />;
}
