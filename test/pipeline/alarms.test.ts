import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { tell } from '#observe/alarm.ts';
import { alarmOfCutOff, alarmOfFailure, alarmsAfter } from '#pipeline/alarms.ts';
import type { Store } from '#store/engine/open.ts';
import { openAlarms } from '#store/night/alarms.ts';
import { startRun } from '#store/night/runs.ts';
import { alarm as alarms } from '#store/tables/alarms.ts';
import { run } from '#store/tables/runs.ts';
import { type Listening, listen } from '../support/http-server.ts';
import { onEveryDatabase } from '../support/stores.ts';

const told: Record<string, string>[] = [];
let status = 200;
let hook: Listening;
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-alarm-'));
beforeAll(async () => {
  hook = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    told.push(JSON.parse(body));
    response.writeHead(status, { location: 'http://169.254.169.254/' }).end();
  });
});
afterAll(async () => {
  await hook[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  told.length = 0;
  status = 200;
});

const source = (id: string, error: string | null) => ({
  source: id,
  sightings: 1,
  new: 0,
  changed: 0,
  gone: 0,
  dropped: 0,
  rows: 0,
  error,
});
const good = { nightly: true, sources: [source('npm', null), source('docker', 'away')], broken: [] };
const halved = {
  ...good,
  sources: [source('npm', 'npm listed 3 servers where it had 900, which is not believed'), source('pypi', null)],
};
const gaveUp = { ...good, broken: [{ stage: 'enumerate' as const, subject: 'npm:a\u202e', error: 'a bug' }] };

onEveryDatabase('alarms', (fresh) => {
  let store: Store;
  const world = (env: Record<string, string> = {}) => ({
    db: store.db,
    settings: readSettings({ PLIMSOLL_ALARM_URL: `${hook.url}hook?key=word`, ...env }),
    log: pino({ level: 'silent' }),
    now: () => new Date('2026-11-21T04:00:00Z'),
  });
  beforeAll(async () => {
    store = await fresh();
  });
  beforeEach(() => store.db.delete(alarms));
  afterAll(() => store[Symbol.asyncDispose]());

  test('a good night raises none', async () => {
    await alarmsAfter(world(), good);
    expect([told, await openAlarms(store.db)]).toEqual([[], []]);
  });

  test('each event is told once, however long it lasts, and again when it comes again', async () => {
    for (const night of [halved, halved, gaveUp, gaveUp])
      await alarmsAfter(world(), { ...halved, ...night, sources: halved.sources });
    expect(told.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(['source-halved npm', 'night-failed ']);
    expect(told[0]).toMatchObject({ since: '2026-11-21T04:00:00.000Z', command: 'npm run plimsoll -- doctor' });
    expect(told[1]!.text).toBe(
      'Plimsoll: A night of the crawl failed. A job was given up; the first is enumerate of npm:a\\u{202E}: a bug. See npm run plimsoll -- doctor.',
    );
    expect(told[0]!.text).toBe(
      'Plimsoll: The source npm lost half of its listings. npm listed 3 servers where it had 900, which is not believed. Nothing is taken as gone. Where it truly lists so few now: npm run plimsoll -- discover --accept npm. See npm run plimsoll -- doctor.',
    );
    expect((await openAlarms(store.db)).map(({ kind }) => kind).sort()).toEqual(['night-failed', 'source-halved']);
    await alarmsAfter(world(), good);
    expect(await openAlarms(store.db)).toEqual([]);
    await alarmsAfter(world(), halved);
    expect(told).toHaveLength(3);
  });

  test('a night that broke off, or that no source answered', async () => {
    await alarmOfFailure(world(), new Error('the disk is full'));
    expect(told.map(({ text }) => text)).toEqual([expect.stringContaining('It broke off: the disk is full')]);
    await alarmsAfter(world(), good);
    await alarmsAfter(world(), { ...good, sources: [source('npm', 'away')] });
    expect(told[1]!.text).toContain('No source answered.');
  });

  test('a night that was cut off is told by the next one, and one that may still run is not', async () => {
    const at = (hours: number) => new Date(Date.parse('2026-11-21T04:00:00Z') - hours * 3_600_000);
    await startRun(store.db, 'nightly', {}, at(3));
    await alarmOfCutOff(world());
    expect(told).toEqual([]);
    await store.db.delete(run);
    await startRun(store.db, 'nightly', {}, at(24));
    await alarmOfCutOff(world());
    expect(told).toMatchObject([{ kind: 'night-failed', since: at(24).toISOString() }]);
  });

  test('whom nobody reached is told in one of the next two nights, and then no more', async () => {
    const nobody = world({ PLIMSOLL_ALARM_URL: '', PLIMSOLL_ALARM_COMMAND: `${folder}/none` });
    for (let night = 0; night < 2; night++) await alarmsAfter(nobody, gaveUp);
    await alarmsAfter(world(), gaveUp);
    await alarmsAfter(world(), gaveUp);
    expect(told).toHaveLength(1);
    expect(await openAlarms(store.db)).toMatchObject([{ tries: 3, toldAt: new Date('2026-11-21T04:00:00Z') }]);
  });
});

const alarm = { text: 'It failed; $(touch x)', kind: 'night-failed', subject: '', since: '', command: 'doctor' };

test('a program is started without a shell, with its arguments, the JSON and none of our variables', async () => {
  const program = join(folder, 'told');
  const out = join(folder, 'out');
  writeFileSync(program, `#!/bin/sh\n{ cat; echo "$1|$2|$DATABASE_URL|\${PATH:+path}"; } > ${out}\n`);
  chmodSync(program, 0o755);
  process.env.DATABASE_URL = 'postgres://hush';
  await tell(alarm, { command: [program, 'a;b', '$HOME'], userAgent: 'test' });
  delete process.env.DATABASE_URL;
  expect(readFileSync(out, 'utf8')).toBe(`${JSON.stringify(alarm)}\na;b|$HOME||path\n`);
  expect(existsSync(join(folder, 'x'))).toBe(false);
});

test('who cannot be told is said without the address, after three tries, and redirects are not followed', async () => {
  status = 302;
  const url = `${hook.url}secret-path`;
  const failing = tell(alarm, { url, command: ['/bin/false'], userAgent: 'test', pause: 1 });
  const error = await failing.catch((one: Error) => one.message);
  expect(error).toMatch(/^PLIMSOLL_ALARM_URL .*; PLIMSOLL_ALARM_COMMAND ended with 1$/);
  expect(error).not.toContain('secret-path');
  expect(told).toHaveLength(3);
  const metadata = tell(alarm, { url: 'http://169.254.169.254/latest', userAgent: 'test', pause: 1 });
  await expect(metadata).rejects.toThrow(/PLIMSOLL_ALARM_URL could not be reached \(OffLimits\)/);
});
