import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { Missing, WrongUse } from '#core/errors.ts';
import { discoverAll, loadSources } from '#pipeline/discover.ts';
import { openWorld } from '#world.ts';
import { fileHost } from '../support/file-host.ts';

test('a night asks every source that has its key, keeps what answers, and the next moves no body', async () => {
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-all-'));
  await using host = await fileHost({
    '/mcp/catalog/v3/catalog.yaml': 'registry: { a: { type: server, image: mcp/a } }',
    '/api/servers.json': '{"a":{"name":"a"}}',
  });
  const ids = (await loadSources()).map(({ id }) => id);
  const settings = readSettings({
    PLIMSOLL_HOME: home,
    PLIMSOLL_LOG: 'silent',
    PLIMSOLL_MCP_REGISTRY_URL: host.url,
    PLIMSOLL_NPM_REGISTRY_URL: host.url,
    PLIMSOLL_SOURCE_URLS: ids.map((id) => `${id}=${host.url}`).join(' '),
  });
  const said: string[] = [];
  const progress = { report: () => {}, say: (text: string) => void said.push(text) };
  try {
    const around = {
      settings,
      log: pino({ level: 'silent' }),
      stop: new AbortController().signal,
      blocked: new Map(),
      now: () => new Date(),
    };
    await using world = await openWorld(around);
    const night = async (run: number, options: { source?: string; from?: string } = {}) => {
      const { outcomes, broken } = await discoverAll(world, run, { progress, ...options });
      expect(broken).toEqual([]);
      return outcomes;
    };

    const first = await night(1);
    expect(first.map(({ source }) => source)).toEqual(
      ids.filter((id) => !['directories', 'from', 'glama', 'pulsemcp', 'smithery'].includes(id)).sort(),
    );
    const good = first.filter(({ error }) => error === null).map(({ source, sightings }) => [source, sightings]);
    expect(good).toEqual([
      ['docker', 1],
      ['mcpm', 1],
      // None was fetched yet.
      ['packages', 0],
      // Nobody has asked for any.
      ['requested', 0],
      ['starter', expect.any(Number)],
      // Nobody has named a host yet.
      ['well-known', 0],
    ]);
    const keyless = said.filter((text) => text.startsWith('Not asked'));
    expect(keyless).toHaveLength(1);
    expect(keyless[0]).toMatch(/glama \(PLIMSOLL_GLAMA_KEY\).*smithery/);
    expect(said.filter((text) => text.startsWith('Warning'))).toHaveLength(first.length - good.length);

    await night(2);
    const statuses = host.asked.filter(({ status }) => status !== 404).map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 304, 304]);

    const asked = host.asked.length;
    expect(await night(3, { from: join(home, 'none') })).toMatchObject([{ source: 'from', sightings: 0 }]);
    expect(host.asked.length).toBe(asked);
    await expect(night(4, { source: 'glama' })).rejects.toThrow(Missing);
    await expect(night(5, { source: 'nowhere' })).rejects.toThrow(WrongUse);
  } finally {
    await rm(home, { recursive: true });
  }
}, 90_000);
