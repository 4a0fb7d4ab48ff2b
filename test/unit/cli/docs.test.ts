import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { command as lint } from '../../../src/cli/commands/lint';
import { command as verify } from '../../../src/cli/commands/verify';
import { ENGINES } from '../../../src/cli/engines';
import { FORMATS } from '../../../src/cli/report';

describe('docs/continuous-integration.md', () => {
  const text = readFileSync(path.resolve('docs', 'continuous-integration.md'), 'utf8');
  const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parse(yaml ?? '') as unknown);

  it('its examples are YAML, and what they run are options there are', () => {
    const [github, gitlab] = blocks as [
      { jobs: { verify: { steps: { run?: string }[] } } },
      { course: { script: string[] } },
    ];
    const steps = github.jobs.verify.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
    const runs = [...steps, ...gitlab.course.script].filter((line) => line.startsWith('pg-lessons'));
    assert.equal(runs.length, 5);
    for (const line of runs) {
      const { usage } = line.startsWith('pg-lessons lint') ? lint : verify;
      for (const [option] of line.matchAll(/--[a-z-]+/g)) assert.ok(usage.includes(option), option);
      for (const [, format] of line.matchAll(/--format (\w+)/g)) assert.ok(FORMATS.some((name) => name === format));
      for (const [, engine] of line.matchAll(/--engine (\w+)/g)) assert.ok(ENGINES.some((name) => name === engine));
    }
  });

  it('lists every engine and every format', () => {
    for (const name of [...ENGINES, 'all', ...FORMATS]) assert.ok(text.includes(`| \`${name}\``), name);
  });
});
