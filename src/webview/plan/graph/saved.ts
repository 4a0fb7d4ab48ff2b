import type { Direction } from '../../../plan/layout/graph';
import type { Camera } from './camera';

/** What of the graph is still there when the page is shown again. */
export interface SavedGraph {
  readonly serial: number;
  readonly camera?: Camera;
  readonly direction?: Direction;
  readonly map: boolean;
}

export function isSaved(value: unknown): value is SavedGraph {
  if (typeof value !== 'object' || value === null) return false;
  if (!('serial' in value) || !('map' in value) || typeof value.map !== 'boolean') return false;
  if (
    'direction' in value &&
    value.direction !== undefined &&
    value.direction !== 'right' &&
    value.direction !== 'down'
  )
    return false;
  return !('camera' in value) || value.camera === undefined || isCamera(value.camera);
}

function isCamera(value: unknown): value is Camera {
  if (typeof value !== 'object' || value === null || !('x' in value) || !('y' in value) || !('scale' in value))
    return false;
  const { x, y, scale } = value;
  return Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(scale) && Number(scale) > 0;
}
