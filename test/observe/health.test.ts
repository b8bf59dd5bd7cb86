import { expect, test } from 'vitest';
import type { RunStatus } from '#domain/lists.ts';
import { lateNight } from '#observe/health/late.ts';
import { clockFinding, roomIn } from '#observe/health/machine.ts';
import { nightFindings } from '#observe/health/night.ts';
import { queueFindings } from '#observe/health/queue.ts';
import { sourceFindings } from '#observe/health/sources.ts';
import { liveLinks } from '#publish/addresses/links.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import status from '#publish/pages/status.ts';

const now = new Date('2026-11-21T08:00:00Z');
const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const idle = { stage: 'classify', ready: 0, delayed: 0, active: 0, dead: 0 };

/** What is wrong, in one line each: what it is called, what was found, what to type. */
const said = (findings: ReturnType<typeof queueFindings>) =>
  findings.filter((one) => one.wrong).map(({ what, found, command }) => `${what}: ${found} → ${command}`);

test.each([
  ['one that is empty', [idle], []],
  ['one that works', [{ ...idle, ready: 900, active: 4, oldest: before(5) }], []],
  ['one that has just been filled', [{ ...idle, ready: 900, oldest: before(0.1) }], []],
  [
    'one at which nobody works',
    [
      { ...idle, ready: 900, oldest: before(5) },
      { ...idle, stage: 'publish', delayed: 1 },
    ],
    [
      'queue: 900 ready, 1 delayed, 0 being worked on; nobody works on classify: no worker is alive → npm run plimsoll -- work --stages classify',
    ],
  ],
  [
    'one with dead letters',
    [{ ...idle, dead: 2 }],
    ['dead letters: 2 jobs failed too often and were given up → npm run plimsoll -- dead list'],
  ],
])('the queue: %s', (_, depths, wrong) => expect(said(queueFindings(depths, now))).toEqual(wrong));

const night = (began: number, ended: number | undefined, summary: Record<string, unknown> = {}): RunStatus => ({
  job: 'nightly',
  startedAt: before(began),
  ...(ended !== undefined && { finishedAt: before(ended) }),
  ...(ended !== undefined && {
    summary: { pages: { written: 1 }, judge: null, sources: [{ error: null }], broken: [], ...summary },
  }),
});

test.each([
  ['none yet', [], []],
  ['a good one', [night(6, 5)], []],
  ['one that runs', [night(2, undefined), night(26, 25)], []],
  [
    'one that never ended',
    [night(30, undefined), night(54, 53)],
    ['last night: began and never ended: its process is gone → npm run crawl -- --limit 0'],
  ],
  [
    'none since yesterday morning',
    [night(50, 49)],
    ['last night: ended 49 hours ago, and none has begun since → npm run crawl -- --limit 0'],
  ],
  [
    'one that reached no source',
    [night(6, 5, { sources: [{ error: 'a' }, { error: 'b' }] })],
    ['last night: reached no source → npm run plimsoll -- discover'],
  ],
  [
    'one that gave up',
    [night(6, 5, { broken: [{}, {}] })],
    ['last night: gave up 2 jobs → npm run plimsoll -- dead list'],
  ],
  [
    'one whose judge failed',
    [night(6, 5, { judge: { postponed: 4, faults: { 'status 429': 4 } } })],
    ['language model: failed: status 429 (4 times) → npm run plimsoll -- classify'],
  ],
  [
    'one whose budget was used up',
    [night(6, 5, { judge: { postponed: 4, faults: {} } })],
    ['language model: its budget did not cover 4 servers → npm run plimsoll -- classify'],
  ],
  [
    'one that wrote no site',
    [night(6, 5, { pages: null }), night(30, 29)],
    ['site: not written by the last night that ended → npm run plimsoll -- publish'],
  ],
])('nights: %s', (_, nights, wrong) => expect(said(nightFindings(nights, now))).toEqual(wrong));

const daily = '0 2 * * *';
const known = { since: before(500), last: undefined, isUnderWay: false };

test.each([
  ['none was ever begun', daily, known, before(6)],
  [
    'the last began the day before',
    daily,
    { ...known, last: { startedAt: before(30), finishedAt: before(29) } },
    before(6),
  ],
  ['the last was cut off the day before', daily, { ...known, last: { startedAt: before(30) } }, before(6)],
  ['it began', daily, { ...known, last: { startedAt: before(6) } }, undefined],
  [
    'the one before took until then, and was joined',
    daily,
    { ...known, last: { startedAt: before(30), finishedAt: before(5.5) } },
    undefined,
  ],
  ['one is under way', daily, { ...known, isUnderWay: true, last: { startedAt: before(60) } }, undefined],
  ['nobody knew of it when it was due', daily, { ...known, since: before(5) }, undefined],
  ['it is due for less than an hour', '30 7 * * *', { ...known, last: { startedAt: before(24.5) } }, undefined],
  ['it is due on Mondays', '0 2 * * 1', { ...known, last: { startedAt: before(24 * 5 + 6) } }, undefined],
])('a night is late: %s', (_, cron, seen, due) => expect(lateNight(cron, seen, now)).toEqual(due));

const halved = 'npm listed 10 servers where it had 1200, which is not believed';

test.each([
  ['good ones', [{ id: 'npm', lastTried: before(1), lastGood: before(1) }], []],
  ['one that never answered here', [{ id: 'npm', lastTried: before(1), error: 'no network' }], []],
  ['one that missed a night', [{ id: 'npm', lastTried: before(1), lastGood: before(25), error: 'no' }], []],
  [
    'one that fails for days',
    [{ id: 'npm', lastTried: before(1), lastGood: before(73), error: 'no\u202e' }],
    ['source npm: failing: no\\u{202E} → npm run plimsoll -- discover --source npm'],
  ],
  [
    'one that halved',
    [{ id: 'npm', lastTried: before(1), lastGood: before(25), error: halved }],
    [`source npm: ${halved} → npm run plimsoll -- discover --source npm`],
  ],
])('sources: %s', (_, sources, wrong) => expect(said(sourceFindings(sources, now))).toEqual(wrong));

test('what accepts a source that truly lists so few stands beside what asks it again', () => {
  const [ill] = sourceFindings([{ id: 'npm', lastTried: before(1), lastGood: before(25), error: halved }], now);
  expect(ill!.advice).toContain('npm run plimsoll -- discover --accept npm');
});

test('disk and clock', () => {
  expect(said([roomIn('/data', 50e9, 100e9, 8), clockFinding(new Date(now.getTime() - 4_000), now)])).toEqual([]);
  expect(said([roomIn('/data', 1e9, 100e9, 8)])).toEqual([
    'disk: nearly full: 1.0 GB free of 100.0 in /data → npm run plimsoll -- db prune',
  ]);
  expect(roomIn('/data', 1e8, 100e9, 8).needed).toBe(true);
  expect(said([clockFinding(before(3), now)])).toEqual([
    'clock: 3 hours ahead of the database’s → timedatectl set-ntp true',
  ]);
});

test('since when stands with what is wrong', () => {
  expect(queueFindings([{ ...idle, ready: 1, oldest: before(5) }], now)[0]).toMatchObject({ since: before(5) });
  expect(nightFindings([night(50, 49)], now)[0]).toMatchObject({ since: before(49) });
});

test('the status page says on which stage a night waits in vain', async () => {
  const stalled = async () => [{ stage: 'publish', since: before(3) }];
  const catalogue = { runs: async () => [], sources: async () => [], stalled } as unknown as Catalogue;
  const { subject } = (await status.load({ key: [], parameters: {} }, catalogue))!;
  expect(String(status.render(subject, liveLinks(), {}))).toMatch(
    /stage publish.*the night waits for it, and no worker works on it.*2026-11-21 05:00 UTC.*npm run plimsoll -- work --stages publish/s,
  );
  expect(String(status.markdown!(subject, liveLinks()))).toMatch(
    /stage publish.*no worker works on it.*2026-11-21 05:00/,
  );
});

test('the status page says the same, and lets nobody write into it', async () => {
  const runs = [night(50, 49)];
  const asked = [{ id: 'npm', lastTried: before(1), lastGood: before(300), error: '<script>alert(1)</script>' }];
  const catalogue = {
    runs: async () => runs,
    sources: async () => asked,
    stalled: async () => [],
  } as unknown as Catalogue;
  const { subject } = (await status.load({ key: [], parameters: {} }, catalogue))!;
  const page = String(status.render(subject, liveLinks(), {}));
  expect(page).toContain('<h2>Out of order</h2>');
  expect(page).toContain('<code>npm run crawl -- --limit 0</code>');
  expect(page).toContain('<code>npm run plimsoll -- discover --source npm</code>');
  expect(page).not.toContain('<script>alert');
  expect(String(status.render({ ...subject, wrong: [] }, liveLinks(), {}))).not.toContain('Out of order');
});
