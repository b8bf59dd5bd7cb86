import { test } from 'vitest';
import { discoverWithKills, PAGES } from '../support/discover-crash.ts';
import { random } from '../support/random.ts';
import { postgresAnswers } from '../support/stores.ts';

const ROUNDS = 5;
const KILLS = 10;

for (const database of ['embedded', 'PostgreSQL'] as const)
  for (let seed = 1; seed <= ROUNDS; seed++)
    test.skipIf(database === 'PostgreSQL' && !postgresAnswers)(
      `discovery killed at ${KILLS} random points, ${database}, seed ${seed}`,
      { timeout: 900_000 },
      async () => {
        const numbers = random(seed);
        // From before the first page was asked for to after the last one, while the end of the pass is written.
        const kills = Array.from({ length: KILLS }, () => ({
          pages: Math.floor((PAGES + 1) * numbers.next().value),
          ms: Math.floor(400 * numbers.next().value),
        }));
        await discoverWithKills(database, kills);
      },
    );
