import { readFileSync } from 'node:fs';
import { resolveConnection, ServerEngine } from '../../src/database/server/index';
import { rootBuffers } from '../../src/plan/find';
import { findingsOf } from '../../src/plan/findings';
import { readPlan } from '../../src/plan/read';
import { proveIndex } from '../../src/sql/proveIndex';
import { statements } from '../../src/sql/statements';
import { sharedCluster } from '../support/cluster';
const { setup, cases } = JSON.parse(readFileSync('test/unit/plan/findings/fixtures/access.json', 'utf8'));
describe('explore', function () {
  this.timeout(600000);
  it('x', async () => {
    const { port, password } = await sharedCluster();
    const engine = new ServerEngine(await resolveConnection({ host: '127.0.0.1', port, user: 'postgres', password }, { HOME: '/nowhere' }));
    const spec = { course: 'c', lesson: 'l', dataset: { name: 'e', sql: setup.filter((l: string) => !l.startsWith('VACUUM')).join('\n') } };
    await engine.reset(spec);
    const db = await engine.open(spec);
    await db.fresh((s) => s.run('VACUUM events, accounts, tall'));
    for (const [name, c] of Object.entries(cases) as any) for (const applied of [true, false]) {
      const plan = readPlan(JSON.stringify(c.plan));
      for (const f of findingsOf(plan)) for (const fix of f.fixes) {
        if (!fix.index) continue;
        try {
          const proof = await db.fresh(async (s) => {
            if (applied) for (const [k, v] of Object.entries(c.settings)) await s.run(`SET ${k} = '${v}'`);
            await s.run('SET jit = off');
            if (!applied) await s.run('SET max_parallel_workers_per_gather = 0');
            return proveIndex(s, statements(c.sql)[0]!, fix.sql!, { build: true });
          });
          const [b, a] = [readPlan(proof.before), readPlan(proof.after)];
          const same = findingsOf(b).some((x) => x.rule.id === f.rule.id);
          console.log(applied ? 'SET ' : 'free', name, f.rule.id, fix.sql, '|', b.executionMs, '->', a.executionMs, 'ms', rootBuffers(b), '->', rootBuffers(a), a.nodes.flatMap((n) => n.index ?? []).join(), same ? '' : '(no finding now)', ((a.executionMs ?? 0) > 1.2 * (b.executionMs ?? 0)) ? 'SLOWER' : '', (rootBuffers(a)??0) > (rootBuffers(b)??0) ? 'MORE' : '');
        } catch (e) { console.log(name, f.rule.id, fix.sql, String(e)); }
      }
    }
    await engine.dispose();
  });
});
