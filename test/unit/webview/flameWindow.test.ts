import assert from 'node:assert/strict';
import { layoutFlame } from '../../../src/plan/layout/flame';
import { figuresOf } from '../../../src/plan/layout/metric';
import { ALL, panWindow, showing, windowOf, zoomWindow } from '../../../src/webview/plan/flame/window';
import { linesOf, nodeLines, ownerOf, textBetween } from '../../../src/webview/plan/textview/textLines';
import { planText } from '../../../src/plan/export/text';
import { readPlan } from '../../../src/plan/read';
import { allFixtures } from '../plan/fixtures';
import { append } from '../plan/layout/plans';

describe('window of the flame', () => {
  const plan = append(101);
  const layout = layoutFlame(plan, figuresOf(plan, 'time'), new Map(), new Set());

  it('keeps the share under the pointer where it is', () => {
    const next = zoomWindow({ left: 0.2, width: 0.4 }, 2, 0.25);
    assert.equal(next.width, 0.2);
    assert.ok(Math.abs(next.left + 0.25 * 0.2 - (0.2 + 0.25 * 0.4)) < 1e-12);
  });

  it('stays within the whole', () => {
    assert.deepEqual(zoomWindow({ left: 0.9, width: 0.1 }, 0.001, 1), ALL);
    assert.deepEqual(panWindow({ left: 0.5, width: 0.25 }, 100), { left: 0.75, width: 0.25 });
    assert.deepEqual(panWindow({ left: 0.5, width: 0.25 }, -100), { left: 0, width: 0.25 });
  });

  it('shows a node, as wide as can be seen', () => {
    const first = 1; // 1 of 5,060 ms
    const seen = showing(layout, ALL, first, 0.05);
    assert.ok((layout.width[first] ?? 0) / seen.width >= 0.0499);
    assert.deepEqual(showing(layout, ALL, 100, 0.01), ALL);
    assert.deepEqual(windowOf(layout, 0), ALL);
    const into = windowOf(layout, 50);
    assert.deepEqual([into.left, into.width], [layout.left[50], layout.width[50]]);
    const aside = showing(layout, into, 90, 0);
    assert.ok(aside.left <= (layout.left[90] ?? 0) + 1e-9 || aside.width <= (layout.width[90] ?? 0));
  });
});

describe('lines of a text', () => {
  it('are those of the text, however they end', () => {
    const lines = linesOf('one\r\ntwo\n\nfour\n');
    assert.deepEqual(
      Array.from({ length: lines.count }, (_, line) => lines.at(line)),
      ['one', 'two', '', 'four'],
    );
    assert.equal(linesOf('').count, 1);
    assert.equal(linesOf('a\nb').at(1), 'b');
    assert.equal(linesOf('\n'.repeat(5_000)).count, 5_000);
  });

  it('give what stands between two places, whichever comes first', () => {
    const lines = linesOf('one\ntwo\nthree');
    const [a, b] = [
      { line: 0, column: 1 },
      { line: 2, column: 2 },
    ];
    assert.equal(textBetween(lines, a, b), 'ne\ntwo\nth');
    assert.equal(textBetween(lines, b, a), 'ne\ntwo\nth');
    assert.equal(textBetween(lines, { line: 2, column: 0 }, { line: 2, column: 99 }), 'three');
  });

  it('know each node of the text form, and whose each line is', () => {
    for (const { name, text } of allFixtures()) {
      const plan = readPlan(text);
      const lines = linesOf(planText(plan));
      const starts = nodeLines(
        lines,
        plan.nodes.map(({ type }) => type),
      );
      for (const [id, start] of starts.entries()) {
        assert.ok(start > (starts[id - 1] ?? -1), `${name}: node ${id}`);
        assert.equal(ownerOf(starts, start), id);
      }
    }
    assert.equal(ownerOf(Int32Array.of(2, 5, -1), 0), 0);
    assert.equal(ownerOf(Int32Array.of(2, 5, -1), 6), 1);
  });

  it('find nodes deeper than the text indents', () => {
    let tree = '{"Node Type": "Seq Scan", "Relation Name": "t"}';
    for (let level = 0; level < 300; level++) tree = `{"Node Type": "Materialize", "Plans": [${tree}]}`;
    const plan = readPlan(`[{"Plan": ${tree}}]`);
    const starts = nodeLines(
      linesOf(planText(plan)),
      plan.nodes.map(({ type }) => type),
    );
    assert.ok(starts.every((line) => line >= 0));
  });
});
