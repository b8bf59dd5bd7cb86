import { expect, test } from 'vitest';
import { type Pace, turnstiles } from '#core/politeness.ts';

const url = new URL('https://api.example/x');
const open = new AbortController().signal;

test('among processes a host has turns by lane, and a pause for all of them', async () => {
  const asked: unknown[] = [];
  const pace: Pace = {
    turn: async (...given) => {
      asked.push(given);
      return 0;
    },
    pause: async (...given) => void asked.push(given),
  };
  const of = turnstiles(2, pace);
  await of(url, { concurrency: 1, interval: 100 }).turn(open);
  expect(asked.splice(0)).toEqual([['api.example', 200]]);
  const lane = of(url, { concurrency: 1, interval: 50, lane: 'search' });
  await lane.turn(open);
  expect(asked.splice(0)).toEqual([
    ['api.example', 0],
    ['api.example search', 100],
  ]);
  await lane.pause(3_000);
  expect(asked).toEqual([['api.example', 3_000]]);
  expect(of(url, { concurrency: 1, interval: 100 }).notBefore).toBeGreaterThan(Date.now());
});

test('a turn that is far off is waited for, and not past a stop', async () => {
  const pace: Pace = { turn: async () => 3_600_000, pause: async () => {} };
  const stop = new AbortController();
  const waiting = turnstiles(1, pace)(url, { concurrency: 1, interval: 1 }).turn(stop.signal);
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  // Alone, a process asks nobody.
  await turnstiles(1)(url, { concurrency: 1, interval: 3_600_000 }).turn(open);
});
