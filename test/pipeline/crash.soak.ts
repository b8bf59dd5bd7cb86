import { afterAll, beforeAll, test } from 'vitest';
import { crawlWithKills, publishServers } from '../support/crash.ts';
import { type NpmRegistry, npmRegistry } from '../support/npm-registry.ts';
import { random } from '../support/random.ts';
import { postgresAnswers } from '../support/stores.ts';

const ROUNDS = 5;
const KILLS = 4;

let registry: NpmRegistry;
beforeAll(async () => {
  registry = await npmRegistry();
  publishServers(registry);
});
afterAll(() => registry.close());

for (const database of ['embedded', 'PostgreSQL'] as const)
  for (let seed = 1; seed <= ROUNDS; seed++)
    test.skipIf(database === 'PostgreSQL' && !postgresAnswers)(
      `${KILLS} kills at random moments, ${database}, seed ${seed}`,
      { timeout: 600_000 },
      async () => {
        const numbers = random(seed);
        // From before the database is open to well into the visits.
        const kills = Array.from({ length: KILLS }, () => ({ ms: 300 + Math.round(6000 * numbers.next().value) }));
        await crawlWithKills(registry, database, kills);
      },
    );
