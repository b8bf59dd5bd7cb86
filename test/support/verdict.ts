import type { Verdict } from '#domain/verdict.ts';

/** A verdict with something of its own, for tests of what is done with verdicts. */
export const verdict = (more: Partial<Verdict> = {}): Verdict => ({
  category: 'Write',
  access: 'write',
  risk: 'medium',
  confidence: 0.9,
  evidence: [],
  facets: {},
  ...more,
});
