import { defineConfig } from 'vitest/config';

/** Rooms whose tests leave nothing behind in a process: they share one, and load what they test once. */
const SHARED = ['api', 'classify', 'core', 'publish', 'recommend'].map((room) => `test/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    globalSetup: [],
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // As many as CI has cores: with a third, servers in sandboxes now and then took longer than they are given.
    maxWorkers: 2,
    execArgv: [`--import=${import.meta.dirname}/../src/core/quick-start.ts`],
    projects: [
      { extends: true, test: { name: 'shared', include: SHARED, isolate: false } },
      { extends: true, test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: SHARED } },
    ],
  },
});
