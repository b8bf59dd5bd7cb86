import { expect, test } from 'vitest';
import { costsOf, MEASURED_ONCE } from '#pipeline/plan/costs.ts';
import { type Costs, forecast } from '#pipeline/plan/forecast.ts';

const costs: Costs = {
  ...{ ask: 100, visit: 2000, visitCpu: 1000, starts: 2, install: 4000, installCpu: 3000, fetched: 1e6, tree: 1e8 },
  ...{ ownCpu: 100, tools: 10, changing: 0.01 },
};
const waiting = { requested: 10, changed: 20, new: 100, weekly: 200, retry: 50, unchanged: 1000, gone: 20 };
const given = { waiting, limit: 0, costs, unjudged: 5, kept: 35e9, atOnce: 4, processors: 2 };
const taken = (limit: number) => Object.values(forecast({ ...given, limit }).servers).map((one) => one.taken);

test('the most urgent are taken up as far as the limit goes, and what is gone never', () => {
  expect(taken(0)).toEqual([10, 20, 100, 200, 50, 1000, 0]);
  expect(taken(135)).toEqual([10, 20, 100, 5, 0, 0, 0]);
});

test('work is what is due, a hundredth of the rest, and trees that had to make room', () => {
  const night = forecast(given);
  expect(night.asked).toBe(1380);
  // 20 + 100 new, 1 % of 1,000 beyond what is known, 260 again.
  expect(night.surprises).toBe(10);
  expect(night.visits).toBe(390);
  expect(night.starts).toBe(780);
  expect(night.tools).toBe(3900);
  // 350 of 1,400 trees are kept, so that of 260 old ones three in four are fetched again.
  expect(night.installs).toEqual({ packages: 325, bytes: 325e6, cpuSeconds: 975 });
  expect(night.cpuSeconds).toBe(390 * 1.1 + 975);
  expect(night.seconds).toBe(138 + 780 + 1300);
  expect(night.judge).toBeNull();
});

test('more workers take less, and what bounds them is said', () => {
  const { wall, cpuSeconds, seconds } = forecast(given);
  expect(wall[0]).toEqual({ workers: 1, seconds: cpuSeconds / 2, bound: 'processors' });
  expect(wall.at(-1)).toEqual({ workers: 64, seconds: Math.round(cpuSeconds / 12.8) / 10, bound: 'processors' });
  const [first] = forecast({ ...given, processors: 99 }).wall;
  expect(first).toEqual({ workers: 1, seconds: seconds / 4, bound: 'launches' });
});

test('a judge is asked about what is new and what waits, and a budget that ends before that is told', () => {
  const judge = { requests: 0.1, input: 300, output: 700, tokens: 2e6, price: { input: 1, output: 2 } };
  const heard = forecast({ ...given, judge }).judge;
  // 130 servers are new or changed, 5 wait: 1,350 tools.
  expect(heard).toEqual({ tools: 1350, requests: 135, tokens: 1_350_000, dollars: 2.3, beyondBudget: false });
  expect(forecast({ ...given, judge: { ...judge, tokens: 1e6 } }).judge?.beyondBudget).toBe(true);
  expect(forecast({ ...given, judge: { ...judge, dollars: 2 } }).judge?.beyondBudget).toBe(true);
  expect(forecast({ ...given, judge: { ...judge, price: undefined } }).judge?.dollars).toBeNull();
});

test('an empty catalogue costs nothing', () => {
  const none = { requested: 0, changed: 0, new: 0, weekly: 0, retry: 0, unchanged: 0, gone: 0 };
  const night = forecast({ ...given, waiting: none });
  expect([night.asked, night.visits, night.installs.packages, night.seconds]).toEqual([0, 0, 0, 0]);
});

test('averages of own visits count where there are enough of them, and else it is said where they are from', () => {
  const times = {
    ...{ visits: 40, starts: 3, ms: 9000, startsMs: 5000, tools: 7, installs: 30, installMs: 4500 },
    ...{ compared: 25, changed: 5, daysBetween: 100 },
  };
  const own = costsOf(times);
  expect(own.costs).toEqual({
    ...MEASURED_ONCE,
    ...{ visit: 5000, starts: 3, tools: 7, install: 4500, changing: 0.05 },
  });
  expect(own.from).toMatchObject({ visits: '40 visits of the last 30 days', rest: expect.stringContaining('once') });
  for (const few of [undefined, { ...times, visits: 19 }]) {
    expect(costsOf(few).costs).toEqual(MEASURED_ONCE);
    expect(costsOf(few).from.visits).toContain('once');
    expect(costsOf(few).from.changing).toContain('assumed');
  }
});
