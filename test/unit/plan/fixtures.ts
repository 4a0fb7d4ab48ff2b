import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan, PlanNode } from '../../../src/plan/model';
import { readPlan } from '../../../src/plan/read';

const here = dirname(fileURLToPath(import.meta.url));

export type Server = 'pg15' | 'pglite';

export interface Captured {
  readonly name: string;
  readonly text: string;
}

/** What scripts/capture-plans.mjs captured. */
export function fixtureText(server: Server, name: string): string {
  return readFileSync(join(here, 'fixtures', server, `${name}.json`), 'utf8');
}

export function fixture(server: Server, name: string): Plan {
  return readPlan(fixtureText(server, name));
}

export function allFixtures(): Captured[] {
  return (['pg15', 'pglite'] as const).flatMap((server) =>
    readdirSync(join(here, 'fixtures', server)).map((file) => ({
      name: `${server}/${file.replace('.json', '')}`,
      text: fixtureText(server, file.replace('.json', '')),
    })),
  );
}

/** Plans of other projects, outside this repository. */
export const SHARED = join(here, '..', '..', '..', '..', 'shared', 'data', 'plans');

/** All of them, whatever their format; undefined where the folder is absent. What pev2 expects of its own is no plan. */
export function sharedPlans(): Captured[] | undefined {
  if (!existsSync(SHARED)) return undefined;
  return readdirSync(SHARED, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/(?:^expected-times\.json|expect|LICENSE|\.md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(SHARED, path), text: readFileSync(path, 'utf8') }));
}

/** The only node that the test accepts. */
export function only(plan: Plan, accepts: (node: PlanNode) => boolean): PlanNode {
  const [node, ...others] = plan.nodes.filter(accepts);
  if (node === undefined || others.length > 0)
    throw new Error(`${String(others.length + (node === undefined ? 0 : 1))} nodes are meant.`);
  return node;
}

export function ofType(plan: Plan, type: string): PlanNode {
  return only(plan, (node) => node.type === type);
}

/** A plan of one node with these properties. */
export function planOf(properties: object, sections: object = {}): Plan {
  return readPlan(JSON.stringify([{ Plan: { 'Node Type': 'Result', ...properties }, ...sections }]));
}

/** A small generator: the same numbers each time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
