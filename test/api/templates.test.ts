import { describe, expect, test } from 'vitest';
import { encodeCursor } from '#api/cursor.ts';
import { PROFILES } from '#domain/policy.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { policyText, readPolicy } from '#publish/formats/policy-text.ts';
import { recommend } from '#recommend/recommend.ts';
import { app, catalogue, servers } from './sample.ts';

interface Line {
  readonly revision: number;
  readonly server?: { readonly id: string; readonly slug: string };
  readonly gone?: string;
  readonly policy?: object;
  readonly files?: readonly { readonly name: string; readonly text: string }[];
  readonly losses?: readonly object[];
}
const site = app();
const ask = (query = '', headers: Record<string, string> = {}) => site.request(`/v1/templates${query}`, { headers });
const linesOf = async (response: Response) =>
  (await response.text())
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

describe('the feed of policies', () => {
  test('holds the policy of every server that has tools, as its own address gives it', async () => {
    const response = await ask();
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = await linesOf(response);
    expect(lines.flatMap(({ server }) => server?.id ?? [])).toEqual(servers.map(({ id }) => id));
    expect(lines.at(-1)).toEqual({ revision: servers.length + 1, gone: 'srv_merged' });
    for (const [at, server] of servers.entries()) {
      const policy = readPolicy(JSON.stringify(lines[at]!.policy));
      expect(policyText(policy)).toBe(policyText(recommend(server, 'recommended')));
    }
  });

  test.each(PROFILES)('in the profile %s and in every format', async (profile) => {
    for (const [format, exporter] of await loadExporters()) {
      const [first] = await linesOf(await ask(`?profile=${profile}&format=${format}`));
      const wanted = recommend(servers[0]!, profile);
      if (format === 'plimsoll') expect(first!.policy).toEqual(JSON.parse(policyText(wanted)));
      else expect({ files: first!.files, losses: first!.losses }).toEqual(exporter.write([wanted]));
    }
  });

  test('a mirror gets what it lacks, and no body where it lacks nothing', async () => {
    const first = await ask();
    const tag = first.headers.get('etag')!;
    const since = `?since=${first.headers.get('plimsoll-next')}`;
    const again = await ask('', { 'If-None-Match': tag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const rest = await ask(since);
    expect(await linesOf(rest)).toEqual([]);
    const still = await ask(since, { 'If-None-Match': rest.headers.get('etag')! });
    expect(still.status).toBe(304);
    const more: Partial<Catalogue> = {
      newestRevision: async () => servers.length + 2,
      revised: (query) => catalogue.revised(query),
    };
    expect((await app({}, more).request('/v1/templates', { headers: { 'If-None-Match': tag } })).status).toBe(200);
  });

  test('other rules mean everything again; a catalogue that was set back is noticed', async () => {
    const first = await ask();
    const edition = first.headers.get('plimsoll-edition')!;
    const other = app({}, { hidden: ['purl:pkg:npm/x'] });
    const next = first.headers.get('plimsoll-next');
    const all = await other.request(`/v1/templates?since=${next}`);
    expect(all.headers.get('plimsoll-edition')).not.toBe(edition);
    expect((await linesOf(all)).length).toBeGreaterThan(1);
    const ahead = await ask(`?since=${encodeCursor(`${edition}.9999`)}`);
    expect([ahead.status, ((await ahead.json()) as { type: string }).type]).toEqual([
      409,
      'urn:plimsoll:problem:set-back',
    ]);
  });

  test.each(['?since=x', `?since=${encodeCursor('7')}`, '?format=none', '?profile=none', '?x=1'])(
    '%s is refused',
    async (query) => {
      expect((await ask(query)).status).toBe(400);
    },
  );

  test('comes as it is read: nothing is made before somebody takes it', async () => {
    let made = 0;
    const endless = app(
      {},
      {
        newestRevision: async () => 1e9,
        async *revised() {
          for (;;) yield { revision: ++made, server: servers[0]! };
        },
      },
    );
    const reader = (await endless.request('/v1/templates')).body!.getReader();
    await reader.read();
    await reader.cancel();
    expect(made).toBeLessThan(10);
  });
});
