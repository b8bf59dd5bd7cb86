import { expect, test } from 'vitest';
import { discoverWithKills, PAGES } from '../support/discover-crash.ts';
import { postgresAnswers } from '../support/stores.ts';

const kills = [
  { pages: 3, ms: 0 },
  { pages: 12, ms: 150 },
];

// On the embedded database the soak does it; here a crawl is killed there (crash).
test.skipIf(!postgresAnswers)(
  `discovery killed in the middle resumes from its watermark and misses nothing, on PostgreSQL${postgresAnswers ? '' : ' (skipped: none answers)'}`,
  { timeout: 180_000 },
  async () => {
    expect(PAGES).toBeGreaterThan(12);
    await discoverWithKills('PostgreSQL', kills);
  },
);
