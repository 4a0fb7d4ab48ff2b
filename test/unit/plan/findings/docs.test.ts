import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RULES } from '../../../../src/plan/findings';
import type { Fix, Rule } from '../../../../src/plan/findings/finding';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const docs = join(root, 'docs', 'findings.md');

const folder = join(root, 'src', 'plan', 'findings');

/** What a helper makes only where it is called. */
const CALLS: Readonly<Record<string, readonly Fix['kind'][]>> = {
  indexFix: ['index'],
  workMemFix: ['setting'],
  statisticsFixes: ['setting', 'maintenance', 'rewrite'],
};

/** Helpers that make fixes only where they are called. */
const CALLED = ['finding', 'indexes', 'memory', 'statistics'];

/** Which kinds of fix a rule's file and what it imports make; the order of `Fix`. */
function fixKinds({ id }: Rule): string {
  const file = id.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const own = readFileSync(join(folder, 'rules', `${file}.ts`), 'utf8');
  const helpers = [...own.matchAll(/from '\.\.\/(\w+)'/g)]
    .map(([, name = '']) => name)
    .filter((name) => !CALLED.includes(name))
    .map((name) => readFileSync(join(folder, `${name}.ts`), 'utf8'));
  const source = [own, ...helpers].join('\n');
  const kinds: readonly Fix['kind'][] = ['index', 'setting', 'maintenance', 'rewrite', 'design'];
  const made = kinds.filter(
    (kind) =>
      source.includes(`kind: '${kind}'`) ||
      Object.entries(CALLS).some(([call, makes]) => makes.includes(kind) && own.includes(`${call}(`)),
  );
  return made.join(', ') || '–';
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function row(rule: Rule): string {
  const { id, title, trigger, source, manual } = rule;
  const from = source.url === undefined ? cell(source.name) : `[${cell(source.name)}](${source.url})`;
  return `| \`${id}\` | ${cell(title)} | ${cell(trigger)} | ${from} | ${fixKinds(rule)} | [${manual.replace(/\.html.*/, '')}](https://www.postgresql.org/docs/current/${manual}) |`;
}

function text(): string {
  return `# Findings

What the plan view and \`pg-lessons plan\` say about a plan. Each of the ${RULES.length} rules has a file in \`src/plan/findings/rules\`.

A finding stands with the share of the statement's time (or of its buffers) that could be saved at the most, and the list is in that order. A rule is silent where that is within the error bar of EXPLAIN's rounding, or below 1 % of the time or 0.1 ms, and also below 1 % of the buffers or 4 blocks. The same finding at alike nodes below one Append (partitions) is one finding with the sum. What a plan doesn't measure (without ANALYZE, with TIMING OFF and BUFFERS OFF) has no share and comes last.

| id | title | speaks when | source | fixes | manual |
|---|---|---|---|---|---|
${RULES.map(row).join('\n')}

This file is written by \`BLESS=1 node --import tsx node_modules/mocha/bin/mocha.js test/unit/plan/findings/docs.test.ts\`; a test holds it to the rules.
`;
}

describe('findings: docs', () => {
  it('docs/findings.md has every rule as it is', () => {
    if (process.env['BLESS'] === '1') writeFileSync(docs, text());
    assert.equal(readFileSync(docs, 'utf8'), text());
  });

  it('every rule makes a fix of some kind', () => {
    for (const rule of RULES) assert.notEqual(fixKinds(rule), '–', rule.id);
  });
});
