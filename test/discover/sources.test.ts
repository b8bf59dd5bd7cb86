import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { openHttp } from '#core/http.ts';
import { plugins } from '#core/plugins.ts';
import { type Dropped, isDropped, type Source } from '#discover/source.ts';
import starter, { mapStarterEntry } from '#discover/sources/starter.ts';
import type { Sighting } from '#domain/server.ts';

const sources = await plugins<Source>(join(import.meta.dirname, '../../src/discover/sources'));

test('the sources say what they are and under which terms', () => {
  expect(sources.map((source) => source.id)).toEqual(expect.arrayContaining(['npm', 'registry', 'starter']));
  for (const source of sources) {
    expect(source.title).toMatch(/\S/);
    expect(source.terms).toMatch(/\.$/);
    expect(source.can.sweep || source.can.recent).toBe(true);
  }
});

async function starters(limit?: number): Promise<(Sighting | Dropped)[]> {
  await using http = openHttp({ userAgent: 'test' });
  const options = { http, settings: readSettings({}), stop: new AbortController().signal, limit };
  const found: (Sighting | Dropped)[] = [];
  for await (const one of starter.discover(options)) found.push(one);
  return found;
}

test('the starter list has at least 36 packages, all of them usable', async () => {
  const found = await starters();
  expect(found.filter(isDropped)).toEqual([]);
  expect(new Set(found.map((one) => one.listing)).size).toBe(found.length);
  expect(found.length).toBeGreaterThanOrEqual(36);
  expect(await starters(3)).toHaveLength(3);
});

test('an entry of the starter list keeps its note, arguments and variables', () => {
  const env = [{ name: 'KEY', required: true, secret: true }];
  const entry = { package: 'npm:@acme/x@1.0.0', note: 'Asks for a key.', args: ['--stdio'], env };
  expect(mapStarterEntry(entry)).toEqual({
    source: 'starter',
    listing: 'npm:@acme/x',
    name: '@acme/x',
    packages: [{ purl: 'pkg:npm/%40acme/x', version: '1.0.0', args: ['--stdio'], env }],
    remotes: [],
    status: 'active',
    note: 'Asks for a key.',
  });
});

test.each([[null], [{}], [{ package: 'x' }], [{ package: 'npm:../x' }], [{ package: 'npm:x', args: 'no' }]])(
  'the entry %j is dropped with a reason',
  (entry) => {
    expect(mapStarterEntry(entry)).toMatchObject({ reason: expect.stringMatching(/\S/) });
  },
);
