import assert from 'node:assert/strict';
import {
  besideCorner,
  centred,
  fit,
  leastScale,
  opening,
  pan,
  revealed,
  sightOf,
  wheelFactor,
  zoomAt,
} from '../../../src/webview/plan/graph/camera';
import { isSaved } from '../../../src/webview/plan/graph/saved';

const view = { width: 800, height: 400 };
const world = { width: 10_000, height: 3_000 };

describe('camera of the graph', () => {
  it('keeps the point under the pointer where it is', () => {
    const before = { x: 100, y: 50, scale: 0.5 };
    for (const factor of [0.3, 1.1, 4, 100]) {
      const after = zoomAt(before, factor, [200, 300], 0.01);
      assert.ok(Math.abs(after.x + 200 / after.scale - (100 + 200 / 0.5)) < 1e-9);
      assert.ok(Math.abs(after.y + 300 / after.scale - (50 + 300 / 0.5)) < 1e-9);
    }
  });

  it('zooms no farther than makes sense', () => {
    assert.equal(zoomAt({ x: 0, y: 0, scale: 1 }, 1e9, [0, 0], 0.1).scale, 2.5);
    assert.equal(zoomAt({ x: 0, y: 0, scale: 1 }, 1e-9, [0, 0], 0.1).scale, 0.1);
    assert.ok(leastScale(world, view) < fit(world, view).scale);
  });

  it('fits all, in the middle', () => {
    const { x, y, width, height } = sightOf(fit(world, view), view);
    assert.ok(x <= 0 && y <= 0 && x + width >= world.width && y + height >= world.height);
    assert.ok(Math.abs(x + width / 2 - world.width / 2) < 1e-6);
    assert.equal(fit({ width: 10, height: 10 }, view).scale, 1);
  });

  it('never loses the picture by dragging', () => {
    let camera = fit(world, view);
    for (let count = 0; count < 100; count++) camera = pan(camera, 500, -500, world, view);
    const sight = sightOf(camera, view);
    assert.ok(sight.x + sight.width > 0 && sight.y < world.height);
  });

  it('opens on all that can be read, else on the root', () => {
    const root = { x: 0, y: 1_000, width: 200, height: 66 };
    const sight = sightOf(opening(root, world, view), view);
    assert.ok(sight.x <= root.x && sight.y <= root.y && sight.y + sight.height >= root.y + root.height);
    assert.deepEqual(opening(root, { width: 700, height: 300 }, view), fit({ width: 700, height: 300 }, view));
  });

  it('brings a box into sight, and near from far out', () => {
    const box = { x: 9_000, y: 2_900, width: 200, height: 66 };
    for (const start of [centred(0, 0, 1, view), centred(0, 0, 0.5, view), centred(9_000, 2_900, 2, view)]) {
      const sight = sightOf(revealed(start, box, view, false), view);
      assert.ok(sight.x <= box.x && sight.x + sight.width >= box.x + box.width);
      assert.ok(sight.y <= box.y && sight.y + sight.height >= box.y + box.height);
    }
    assert.equal(revealed(centred(0, 0, 0.01, view), box, view, true).scale, 0.8);
    const there = centred(9_100, 2_933, 1, view);
    assert.deepEqual(revealed(there, box, view, true), there);
  });

  it('brings a box out from under the minimap', () => {
    const corner = { width: 100, height: 60 };
    const camera = { x: 0, y: 0, scale: 0.5 };
    const under = { x: 1_400, y: 700, width: 200, height: 66 };
    const moved = besideCorner(camera, under, view, corner);
    assert.ok((under.y + under.height - moved.y) * 0.5 <= view.height - corner.height);
    assert.equal(besideCorner(camera, { ...under, x: 0 }, view, corner), camera);
  });

  it('turns a wheel, a line wheel and a pinch into the same direction', () => {
    assert.ok(wheelFactor({ deltaY: -100, deltaMode: 0, ctrlKey: false }) > 1);
    assert.ok(wheelFactor({ deltaY: 3, deltaMode: 1, ctrlKey: false }) < 1);
    assert.ok(
      wheelFactor({ deltaY: -2, deltaMode: 0, ctrlKey: true }) >
        wheelFactor({ deltaY: -2, deltaMode: 0, ctrlKey: false }),
    );
    assert.ok(wheelFactor({ deltaY: 1e9, deltaMode: 2, ctrlKey: true }) > 0.05);
  });

  it('takes a saved camera only if it is one', () => {
    assert.ok(isSaved({ serial: 1, map: true }));
    assert.ok(isSaved({ serial: 1, map: false, camera: { x: 0, y: -4, scale: 0.5 }, direction: 'down' }));
    for (const camera of [{ x: 0, y: 0, scale: 0 }, { x: NaN, y: 0, scale: 1 }, { x: 0 }, 'far']) {
      assert.ok(!isSaved({ serial: 1, map: true, camera }));
    }
    assert.ok(!isSaved({ serial: 1, map: true, direction: 'up' }));
    assert.ok(!isSaved(null));
  });
});
