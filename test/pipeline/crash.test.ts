import { afterAll, beforeAll, expect, test } from 'vitest';
import { crawlWithKills, publishServers, SERVERS } from '../support/crash.ts';
import { type NpmRegistry, npmRegistry } from '../support/npm-registry.ts';

let registry: NpmRegistry;
beforeAll(async () => {
  registry = await npmRegistry();
  publishServers(registry);
});
afterAll(() => registry.close());

// On PostgreSQL the soak does it, at random moments; here a discovery is killed there (discover-crash).
test('a crawl killed in the middle loses nothing, doubles nothing, and is finished by the next', {
  timeout: 180_000,
}, async () => {
  await crawlWithKills(registry, 'embedded', [{ visits: 3 }]);
  expect(registry.seen.filter(({ path }) => path.endsWith('.tgz')).length).toBeGreaterThanOrEqual(SERVERS);
});
