import assert from 'node:assert/strict';
import { alikeOf } from '../../../src/plan/alike';
import { comparePlans } from '../../../src/plan/compare';
import { detailsOf } from '../../../src/plan/details';
import { anonymized } from '../../../src/plan/export/anonymize';
import { planJson } from '../../../src/plan/export/json';
import { planSvg } from '../../../src/plan/export/svg';
import { planText } from '../../../src/plan/export/text';
import { findingsOf } from '../../../src/plan/findings';
import type { Plan } from '../../../src/plan/model';
import { PlanParseError } from '../../../src/plan/parse/parseError';
import { readPlans } from '../../../src/plan/read';
import { seeded } from './fixtures';
import { captures, logs } from './formatFixtures';
import { mutated } from './mutate';

/** Plans are pasted by people: whatever it is, reading it gives a plan or a sentence with a place, and gives it soon. */
const EACH = 10_000;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** ms for one input; a hundred times what one takes. */
const SLOWEST = 1000;

describe('plan: 100,000 mutated inputs', function () {
  this.timeout(120_000);

  const corpus = [
    ...captures().flatMap(({ json, text, yaml, xml }) => [json, text, text, yaml, xml]),
    ...logs().flatMap(({ json, text, yaml, xml }) => [json, text, yaml, xml].map((log) => log.slice(0, 1500))),
  ].filter(({ length }) => length < 1600);

  it('starts from small plans of all formats', () => {
    for (const start of [/^\[/, /^[A-Z]\w+ /, /^- Plan:/, /^<explain/, /^\d{4}-.*LOG:/])
      assert.ok(corpus.filter((text) => start.test(text)).length >= 5, String(start));
  });

  for (const seed of SEEDS) {
    it(`${EACH.toLocaleString('en')} with seed ${String(seed)}: a sound plan, or a sentence with line and column`, () => {
      const random = seeded(seed);
      let parsed = 0;
      let before: Plan | undefined;
      for (let count = 0; count < EACH; count++) {
        const input = mutated(corpus, random);
        const start = performance.now();
        const plans = readOrSentence(input);
        for (const plan of plans) {
          sound(plan, input);
          // Findings and a comparison cost as much as reading: for one in three, the whole must end within a minute.
          if (count % 3 === 0) reading(plan, before, input);
          before = plan;
        }
        // Dearer ones, for some.
        if (plans.length > 0 && count % 20 === 0) exporting(plans, input);
        const ms = performance.now() - start;
        assert.ok(ms < SLOWEST, `${String(ms)} ms for ${JSON.stringify(input)}`);
        if (plans.length > 0) parsed++;
      }
      // Neither kind of outcome is rare: the mutations are neither harmless nor deadly.
      assert.ok(parsed > EACH / 10 && parsed < EACH * 0.95, `${String(parsed)} were plans`);
    });
  }
});

function readOrSentence(input: string): readonly Plan[] {
  try {
    const plans = readPlans(input);
    assert.ok(plans.length > 0);
    return plans;
  } catch (error) {
    if (!(error instanceof PlanParseError))
      throw new Error(`Not a PlanParseError for ${JSON.stringify(input)}`, { cause: error });
    place(error, input);
    assert.match(error.message, /\S/);
    return [];
  }
}

function place({ line, column, message }: PlanParseError, input: string): void {
  const lines = input.split(/\r\n|\r|\n/);
  const length = lines[line - 1]?.length ?? -1;
  assert.ok(
    line >= 1 && line <= lines.length && column >= 1 && column <= length + 1,
    `“${message}” at ${String(line)}:${String(column)} of ${JSON.stringify(input)}`,
  );
}

/** What holds for any plan, however little sense it makes. */
function sound(plan: Plan, input: string): void {
  const { nodes, ...rest } = plan;
  figures(rest, 'plan', input);
  nodes.forEach((node, at) => {
    // As EXPLAIN printed it: it may hold anything.
    const { properties, children, parent, id, ...computed } = node;
    assert.equal(typeof properties, 'object');
    assert.equal(id, at);
    assert.ok(at === 0 ? parent === undefined : parent !== undefined && parent < at, input);
    for (const child of children) assert.equal(nodes[child]?.parent, at);
    figures(computed, 'node', input);
  });
}

/** What the page does with each plan. */
function reading(plan: Plan, before: Plan | undefined, input: string): void {
  try {
    figures(findingsOf(plan), 'findings', input);
    comparePlans(before ?? plan, plan);
    alikeOf(plan);
    for (const node of plan.nodes) detailsOf(node);
  } catch (error) {
    throw new Error(`For ${JSON.stringify(input)}`, { cause: error });
  }
}

function exporting(plans: readonly Plan[], input: string): void {
  try {
    // What the input itself says is shown, a number beyond all numbers too.
    const said = /undefined|NaN|Infinity|\d[eE]\+?\d{3}|\d{300}/.test(input);
    for (const plan of plans) {
      const shown = planText(plan) + planSvg(plan);
      assert.ok(said || !/undefined|NaN|Infinity/.test(shown), shown);
    }
    JSON.parse(planJson('-', plans, plans.map(findingsOf)));
    readOrSentence(anonymized(input));
  } catch (error) {
    throw new Error(`For ${JSON.stringify(input)}`, { cause: error });
  }
}

/** Every number is finite and not negative. */
function figures(value: object, path: string, input: string): void {
  for (const [name, part] of Object.entries(value) as [string, unknown][]) {
    if (typeof part === 'number') {
      if (!Number.isFinite(part) || part < 0)
        assert.fail(`${path}.${name} is ${String(part)} for ${JSON.stringify(input)}`);
    } else if (typeof part === 'object' && part !== null) figures(part, `${path}.${name}`, input);
  }
}
