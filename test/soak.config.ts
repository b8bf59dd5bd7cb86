import { defineConfig } from 'vitest/config';
import tests from './vitest.config.ts';

const { projects: _, ...settings } = tests.test!;

/** What takes too long for every run: repetitions at random, and fuzzing. */
export default defineConfig({
  test: {
    ...settings,
    // Of every format far more cases than in a run of the tests, and in a container every hostile server and every hole.
    include: [
      'test/**/*.soak.ts',
      'test/publish/formats.test.ts',
      'test/enumerate/hostile.test.ts',
      'test/enumerate/container-holes.test.ts',
    ],
    env: { PLIMSOLL_CASES: '10000' },
    testTimeout: 1_800_000,
    maxWorkers: 1,
  },
});
