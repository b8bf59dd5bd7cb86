import { expect, test } from 'vitest';
import { nextDue } from '#pipeline/plan/freshness.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-21T02:00:00Z');
const days = (due: Date, from = NOW) => (due.getTime() - from.getTime()) / DAY;
const ids = Array.from({ length: 2000 }, (_, at) => `npm:server-${at}`);
const listed = (id: string, now = NOW) => nextDue({ id, failures: 0 }, 'listed', false, now);

test('what listed in one night comes again within a week, never the next night, and as much on every night', () => {
  const nights = new Map<number, number>();
  for (const id of ids) {
    const wait = days(listed(id));
    expect(wait).toBeGreaterThanOrEqual(3.5);
    expect(wait).toBeLessThanOrEqual(10.5);
    nights.set(Math.floor(wait), (nights.get(Math.floor(wait)) ?? 0) + 1);
  }
  // A seventh of 2,000 on each whole night, and by chance a tenth more or less (three standard deviations are 47).
  for (const night of [4, 5, 6, 7, 8, 9]) expect(Math.abs(nights.get(night)! - ids.length / 7)).toBeLessThan(60);
});

test('from then on its night stays, however late in the night it was reached', () => {
  const first = listed('npm:a');
  for (const hours of [0, 5, 23])
    expect(days(listed('npm:a', new Date(first.getTime() + hours * 3_600_000)), first)).toBe(7);
});

test('what fails is left alone for twice as long each time, for at most a month, and what passes not at all', () => {
  const wait = (failures: number, id = 'npm:a') => days(nextDue({ id, failures }, 'failed', false, NOW));
  expect(wait(1) / wait(0)).toBeCloseTo(2);
  expect(wait(2) / wait(1)).toBeCloseTo(2);
  for (const id of ids) expect(wait(0, id)).toBeGreaterThanOrEqual(2);
  expect(Math.max(...ids.map((id) => wait(0, id)))).toBeLessThan(4);
  expect(wait(9)).toBe(30);
  expect(wait(2000)).toBe(30);
  expect(nextDue({ id: 'npm:a', failures: 3 }, 'failed', true, NOW)).toEqual(NOW);
});
