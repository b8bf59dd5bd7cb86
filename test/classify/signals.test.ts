import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyQuote } from '#classify/quote.ts';
import type { Example, Signal } from '#classify/signal.ts';
import { prepare } from '#classify/subject.ts';
import { plugins } from '#core/plugins.ts';

const signals = await plugins<Signal>(join(import.meta.dirname, '..', '..', 'src', 'classify', 'signals'));

function clues(signal: Signal, { siblings, ...tool }: Example) {
  return [...signal.notice(prepare(tool, siblings ?? [tool.name]))];
}

describe.each(signals.map((signal) => [signal.id, signal] as const))('%s', (_, signal) => {
  test.each(signal.examples.speaks.map((example) => [JSON.stringify(example), example] as const))(
    'speaks on %s',
    (_, example) => {
      const found = clues(signal, example);
      expect(found).not.toEqual([]);
      for (const { quote, weight } of found) {
        expect(verifyQuote(example, quote, example.siblings), JSON.stringify(quote)).toBe(true);
        expect(weight).toBeGreaterThan(0);
        expect(weight).toBeLessThanOrEqual(1);
      }
    },
  );
  test.each(signal.examples.silent.map((example) => [JSON.stringify(example), example] as const))(
    'is silent on %s',
    (_, example) => {
      expect(clues(signal, example)).toEqual([]);
    },
  );
});
