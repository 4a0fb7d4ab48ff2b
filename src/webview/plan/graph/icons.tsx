/** Icons of the pictures' buttons, as those of the kit. */
function Icon({ path }: { path: string }) {
  return (
    <svg
      class="icon"
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
      <path d={path} />
    </svg>
  );
}

export const ZoomInIcon = () => <Icon path="M8 3v10M3 8h10" />;
export const ZoomOutIcon = () => <Icon path="M3 8h10" />;
export const FitIcon = () => <Icon path="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />;
export const MapIcon = () => <Icon path="M2 3h12v10H2zM8.5 8H14v5H8.5z" />;
export const RightIcon = () => <Icon path="M2 6h4v4H2zM10 2h4v4h-4zM10 10h4v4h-4zM6 8h2m2-4H8v8h2" />;
export const DownIcon = () => <Icon path="M6 2h4v4H6zM2 10h4v4H2zM10 10h4v4h-4zM8 6v2m-4 2V8h8v2" />;
export const OutIcon = () => <Icon path="M8 13V3.5M4 7.5l4-4 4 4" />;
