import { defineConfig, mergeConfig } from 'vitest/config';
import tests from './vitest.config.ts';

/** What takes too long for every run: repetitions at random, and fuzzing. */
export default mergeConfig(
  { ...tests, test: { ...tests.test, include: [] } },
  defineConfig({ test: { include: ['test/**/*.soak.ts'], maxWorkers: 1 } }),
);
