/** Pictures of a plan for the export menu. */
import { planSvg, type SvgOptions } from '../../../plan/export/svg';
import type { Plan } from '../../../plan/model';

export type PictureOptions = Omit<SvgOptions, 'theme'>;

/** The graph as an SVG in the page's brightness. */
export function svgOf(plan: Plan, options: PictureOptions = {}): string {
  return planSvg(plan, { ...options, theme: isDark() ? 'dark' : 'light' });
}

function isDark(): boolean {
  const { classList } = document.body;
  if (classList.contains('vscode-high-contrast-light')) return false;
  return classList.contains('vscode-dark') || classList.contains('vscode-high-contrast');
}

/** Twice the size, as sharp screens and prints want it, … */
const SHARP = 2;
/** … but no larger than what Chromium draws. */
const LONGEST = 16_000;
const MOST_PIXELS = 80_000_000;

/**
 * A PNG of an SVG that `svgOf` made, in base64.
 * @throws {Error} with a sentence, when it is too large to be drawn
 */
export async function pngOf(svg: string): Promise<string> {
  const image = new Image();
  // The page's policy lets images come from data: only.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  try {
    await image.decode();
  } catch {
    throw new Error('The picture is too large for a PNG. Save it as SVG.');
  }
  const { naturalWidth: width, naturalHeight: height } = image;
  const scale = Math.min(SHARP, LONGEST / width, LONGEST / height, Math.sqrt(MOST_PIXELS / width / height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The picture is too large for a PNG. Save it as SVG.');
  return base64(new Uint8Array(await blob.arrayBuffer()));
}

function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // A call takes no more arguments than that.
  for (let at = 0; at < bytes.length; at += 32_768) parts.push(String.fromCharCode(...bytes.subarray(at, at + 32_768)));
  return btoa(parts.join(''));
}
