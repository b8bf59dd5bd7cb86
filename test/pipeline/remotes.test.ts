import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { prepareVisits } from '#pipeline/enumerate.ts';
import { silent } from '#pipeline/progress.ts';
import { hostPace } from '#store/tables/runs.ts';
import { openWorld, surroundings } from '#world.ts';

const home = mkdtempSync(join(tmpdir(), 'plimsoll-remotes-'));
afterAll(() => rmSync(home, { recursive: true }));

test('a worker asks servers elsewhere when their turn has come among all workers on its database', async () => {
  const env = { PLIMSOLL_HOME: home, PLIMSOLL_LOG: 'silent', PLIMSOLL_REMOTES: 'ask' };
  await using world = await openWorld(surroundings(env, new AbortController().signal));
  const { askRemote } = await prepareVisits(world, { progress: silent, sandbox: 'none' });
  const stop = AbortSignal.timeout(60_000);
  const began = performance.now();
  const asked = ['a', 'b', 'c'].map((path) =>
    askRemote!({ type: 'streamable-http', url: `https://mcp.invalid/${path}` }, { stop }),
  );
  for (const { outcome } of await Promise.all(asked)) expect(outcome).toBe('failed');
  // The third had to wait for two others.
  expect(performance.now() - began).toBeGreaterThan(1_950);
  expect(await world.db.select({ host: hostPace.host }).from(hostPace)).toEqual([{ host: 'mcp.invalid' }]);
});
