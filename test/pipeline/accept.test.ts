import { isNull } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { openHttp } from '#core/http.ts';
import docker from '#discover/sources/docker.ts';
import { acceptSource } from '#pipeline/accept.ts';
import { alarmsAfter } from '#pipeline/alarms.ts';
import { discoverSource } from '#pipeline/discover-source.ts';
import { silent } from '#pipeline/progress.ts';
import type { Store } from '#store/engine/open.ts';
import { sourceState } from '#store/listing/sources.ts';
import { openAlarms } from '#store/night/alarms.ts';
import { lastRun } from '#store/night/runs.ts';
import { alarm } from '#store/tables/alarms.ts';
import { run, source } from '#store/tables/runs.ts';
import { alias, mention, server, sighting } from '#store/tables/servers.ts';
import { type FileHost, fileHost } from '../support/file-host.ts';
import { onEveryDatabase } from '../support/stores.ts';

const PATH = '/mcp/catalog/v3/catalog.yaml';
const START = Date.parse('2026-11-01T02:00:00Z');
const catalogue = (count: number) =>
  JSON.stringify({
    registry: Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`s${n}`, { type: 'server', image: `mcp/s${n}` }]),
    ),
  });

onEveryDatabase('a source that lost half', (fresh) => {
  let store: Store;
  let host: FileHost;
  let day = 0;
  const world = () => ({
    db: store.db,
    settings: readSettings({ PLIMSOLL_SOURCE_URLS: `docker=${host.url}` }),
    log: pino({ level: 'silent' }),
    stop: new AbortController().signal,
    now: () => new Date(START + day * 86_400_000),
  });
  /** A night in which the source lists so many. Answers with the error of its pass. */
  async function night(count: number): Promise<string | null> {
    day++;
    host.held.set(PATH, catalogue(count));
    await using http = openHttp({ userAgent: 'test', limits: { retries: 0, backoff: 5 } });
    const outcome = await discoverSource(world(), docker, http, {});
    await alarmsAfter(world(), { nightly: false, sources: [outcome], broken: [] });
    return outcome.error;
  }
  const accept = () => acceptSource(world(), 'docker', 'ann@box', silent);
  const listed = () => store.db.$count(sighting, isNull(sighting.unlistedAt));

  beforeAll(async () => {
    store = await fresh();
    host = await fileHost({});
  });
  beforeEach(async () => {
    for (const table of [sighting, mention, alias, server, source, run, alarm]) await store.db.delete(table);
    expect(await night(40)).toBeNull();
  });
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
  });

  test('is disbelieved until somebody accepts what was seen, which is recorded; the rest is gone after the next pass', async () => {
    for (let n = 0; n < 3; n++) expect(await night(8)).toContain('which is not believed');
    expect([await listed(), (await openAlarms(store.db)).length]).toEqual([40, 1]);
    expect(await accept()).toMatchObject({ before: 40, listings: 8 });
    expect(await lastRun(store.db, 'accept')).toMatchObject({
      options: { source: 'docker', by: 'ann@box' },
      summary: { before: 40, listings: 8 },
      startedAt: new Date(START + day * 86_400_000),
    });
    // Nothing is gone on anybody's word alone.
    expect(await listed()).toBe(40);
    expect(await night(8)).toBeNull();
    expect([await listed(), await openAlarms(store.db)]).toEqual([8, []]);
    await expect(accept()).rejects.toThrow('held back');
  });

  test('that has less than half of what was accepted by then is not believed, and that is another alarm', async () => {
    await night(8);
    await accept();
    expect(await openAlarms(store.db)).toEqual([]);
    expect(await night(0)).toContain('docker listed 0 servers where it had 8, which is not believed');
    expect([await listed(), (await openAlarms(store.db)).length]).toEqual([40, 1]);
  });

  test('that comes back is believed before anybody accepts anything, and nothing is held back any more', async () => {
    await night(8);
    expect((await sourceState(store.db, 'docker'))!.unbelieved).toBe(8);
    expect(await night(41)).toBeNull();
    await expect(accept()).rejects.toThrow(
      "Nothing of 'docker' is held back: its last full pass was believed, or there was none.",
    );
    await expect(acceptSource(world(), 'dokcer', 'ann@box', silent)).rejects.toThrow("There is no source 'dokcer'");
  });
});
