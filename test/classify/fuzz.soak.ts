import { expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { verifyQuote } from '#classify/quote.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { corpus } from '../support/corpus.ts';
import { mutated, seeded } from '../support/mutate.ts';

/** Milliseconds of processor time that no definition may take; of the fastest of three, so that no pause counts. */
const LIMIT = 50;
const ROUNDS = 100_000;

const classifier = await loadClassifier();

function spent(tool: ToolDefinition, siblings: readonly string[]): number {
  const before = process.cpuUsage();
  classifier.assess(tool, siblings);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test('100,000 bent definitions: no throw, quotes that stand, nothing over 50 ms, nothing polluted', () => {
  const real = corpus().flatMap(({ tools }) => tools);
  const seeds = real.length > 0 ? real : [{ name: 'delete_repo', description: 'Deletes a repository.' }];
  const random = seeded(5);
  let worst = 0;
  const slow: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const tool = mutated(seeds[Math.floor(random() * seeds.length)]!, random);
    const siblings = [tool.name];
    let ms = spent(tool, siblings);
    for (let again = 0; again < 2 && ms > LIMIT; again++) ms = Math.min(ms, spent(tool, siblings));
    worst = Math.max(worst, ms);
    if (ms > LIMIT) slow.push(`${ms} ms: ${JSON.stringify(tool).slice(0, 300)}`);
    for (const { quote } of classifier.assess(tool, siblings).evidence)
      if (!verifyQuote(tool, quote, siblings)) slow.push(`no such words: ${JSON.stringify(quote)}`);
  }
  process.stderr.write(`longest: ${worst.toFixed(1)} ms of processor time\n`);
  expect(slow).toEqual([]);
  expect(Object.keys(Object.prototype)).toEqual([]);
});
