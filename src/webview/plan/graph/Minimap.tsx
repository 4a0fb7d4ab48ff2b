/** The whole graph, small, with a frame around what is in sight. For the pointer only: keys move the selection. */
import { useEffect, useRef } from 'preact/hooks';
import type { Scene } from '../../../plan/layout/paint';
import { centred, fitScale, sightOf, type Camera, type Size } from './camera';
import { paintFar, paintFarMarks, type Far } from './far';

interface MinimapProps {
  readonly scene: Scene;
  readonly far: Far;
  /** Called with a function that draws what is in sight, as it changes. */
  readonly onReady: (follow: ((camera: Camera, view: Size) => void) | undefined) => void;
  /** The world's point that shall be in the middle. */
  readonly onGo: (x: number, y: number) => void;
  readonly room: Size;
}

export function Minimap({ scene, far, onReady, onGo, room }: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { layout, palette } = scene;
  const scale = Math.min(room.width / layout.width, room.height / layout.height);
  // A row of thousands is a line: it still needs a place to click.
  const width = Math.max(24, Math.round(layout.width * scale));
  const height = Math.max(24, Math.round(layout.height * scale));
  const inner = fitScale(layout, { width: width + 24, height: height + 24 });
  const camera = centred(layout.width / 2, layout.height / 2, Math.min(inner, scale), { width, height });

  useEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (context === null) return undefined;
    const ratio = devicePixelRatio;
    const picture = new OffscreenCanvas(width * ratio, height * ratio);
    const drawing = picture.getContext('2d');
    if (drawing === null) return undefined;
    paintFar(drawing, far, scene, camera, { width, height }, ratio);
    onReady((at, view) => {
      const sight = sightOf(at, view);
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width * ratio, height * ratio);
      context.drawImage(picture, 0, 0);
      context.scale(ratio, ratio);
      paintFarMarks(context, scene, camera, 3);
      context.strokeStyle = palette.text;
      context.lineWidth = 1;
      const left = Math.max(0.5, Math.round((sight.x - camera.x) * camera.scale) + 0.5);
      const top = Math.max(0.5, Math.round((sight.y - camera.y) * camera.scale) + 0.5);
      const right = Math.min(width - 0.5, (sight.x + sight.width - camera.x) * camera.scale);
      const bottom = Math.min(height - 0.5, (sight.y + sight.height - camera.y) * camera.scale);
      context.strokeRect(left, top, Math.max(3, right - left), Math.max(3, bottom - top));
    });
    return () => onReady(undefined);
  }, [scene, far, width, height]);

  const go = (event: PointerEvent): void => {
    const at = canvas.current?.getBoundingClientRect();
    if (at === undefined || event.buttons === 0) return;
    onGo(camera.x + (event.clientX - at.left) / camera.scale, camera.y + (event.clientY - at.top) / camera.scale);
  };
  const ratio = devicePixelRatio;
  return (
    <canvas
      ref={canvas}
      class="minimap"
      aria-hidden="true"
      width={width * ratio}
      height={height * ratio}
      style={{ width, height }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    />
  );
}
