/** The few icons the pages need, drawn for a 16 × 16 box in the text's colour. The words beside them carry the meaning. */
import type { ComponentChildren } from 'preact';

export function Icon(props: { name?: string; children: ComponentChildren }) {
  return (
    <svg
      class={props.name === undefined ? 'icon' : `icon icon-${props.name}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {props.children}
    </svg>
  );
}

export const PassedIcon = () => (
  <Icon name="passed">
    <circle cx="8" cy="8" r="6.25" />
    <path d="m5.25 8.25 2 2 3.5-4.25" />
  </Icon>
);

export const FailedIcon = () => (
  <Icon name="failed">
    <circle cx="8" cy="8" r="6.25" />
    <path d="m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2" />
  </Icon>
);

export const ErrorIcon = () => (
  <Icon name="error">
    <circle cx="8" cy="8" r="6.25" />
    <path d="M8 4.75v4m0 2.25v.1" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon name="warning">
    <path d="M8 2 14.5 13.5h-13zM8 6.25v3.5m0 1.75v.1" />
  </Icon>
);

export const InfoIcon = () => (
  <Icon name="info">
    <circle cx="8" cy="8" r="6.25" />
    <path d="M8 7.25v4M8 4.9V5" />
  </Icon>
);

export const NewIcon = () => (
  <Icon name="new">
    <circle cx="8" cy="8" r="6.25" />
  </Icon>
);

export const StartedIcon = () => (
  <Icon name="started">
    <circle cx="8" cy="8" r="6.25" />
    <path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" fill="currentColor" />
  </Icon>
);

export const StaleIcon = () => (
  <Icon name="stale">
    <path d="M2.5 5.25A6.1 6.1 0 1 1 2 8.5M2 2.25v3.25h3.25M8 4.75v3.5l2.25 1.5" />
  </Icon>
);

export const RunIcon = () => (
  <Icon name="run">
    <path d="m4.5 2.75 8 5.25-8 5.25z" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon name="close">
    <path d="m4 4 8 8m0-8-8 8" />
  </Icon>
);

export const ChevronIcon = () => (
  <Icon name="chevron">
    <path d="m6 3.75 4.25 4.25L6 12.25" />
  </Icon>
);

export const BackIcon = () => (
  <Icon name="back">
    <path d="M13 8H3m4-4L3 8l4 4" />
  </Icon>
);

export const ForwardIcon = () => (
  <Icon name="forward">
    <path d="M3 8h10M9 4l4 4-4 4" />
  </Icon>
);

export const GoToIcon = () => (
  <Icon name="go-to">
    <circle cx="8" cy="8" r="4.25" />
    <path d="M8 1.25v3m0 7.5v3M1.25 8h3m7.5 0h3" />
  </Icon>
);

export const SearchIcon = () => (
  <Icon name="search">
    <circle cx="7" cy="7" r="4.25" />
    <path d="m10.25 10.25 3.5 3.5" />
  </Icon>
);

export const MoreIcon = () => (
  <Icon name="more">
    <path d="M3 8h.01M8 8h.01M13 8h.01" stroke-width="2" />
  </Icon>
);

export const UpIcon = () => (
  <Icon name="up">
    <path d="M8 13V3M4 7l4-4 4 4" />
  </Icon>
);

export const DownIcon = () => (
  <Icon name="down">
    <path d="M8 3v10M4 9l4 4 4-4" />
  </Icon>
);
