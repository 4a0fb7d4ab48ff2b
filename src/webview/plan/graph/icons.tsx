/** Icons of the pictures' buttons. */
import { Icon } from '../../kit/icons';

export const ZoomInIcon = () => (
  <Icon>
    <path d="M8 3v10M3 8h10" />
  </Icon>
);
export const ZoomOutIcon = () => (
  <Icon>
    <path d="M3 8h10" />
  </Icon>
);
export const FitIcon = () => (
  <Icon>
    <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />
  </Icon>
);
export const MapIcon = () => (
  <Icon>
    <path d="M2 3h12v10H2zM8.5 8H14v5H8.5z" />
  </Icon>
);
export const RightIcon = () => (
  <Icon>
    <path d="M2 6h4v4H2zM10 2h4v4h-4zM10 10h4v4h-4zM6 8h2m2-4H8v8h2" />
  </Icon>
);
export const DownIcon = () => (
  <Icon>
    <path d="M6 2h4v4H6zM2 10h4v4H2zM10 10h4v4h-4zM8 6v2m-4 2V8h8v2" />
  </Icon>
);
export const OutIcon = () => (
  <Icon>
    <path d="M8 13V3.5M4 7.5l4-4 4 4" />
  </Icon>
);
