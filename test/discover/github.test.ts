import { describe, expect, test } from 'vitest';
import { SETTINGS } from '#config.ts';
import type { Remembered } from '#core/http-memory.ts';
import { ALL_REPOSITORIES, halves, qualifiersOf } from '#discover/github/slices.ts';
import { join } from '#discover/join.ts';
import github from '#discover/sources/github.ts';
import type { Sighting } from '#domain/server.ts';
import { discoverAt, shortMemory } from '../support/discover.ts';
import { fileHost } from '../support/file-host.ts';
import { gitHub, nodeOf, type Repo } from '../support/github.ts';
import { listing } from '../support/sighting.ts';

const settings = { githubToken: 't0ken' };
const repo = (id: number, fields: Partial<Repo> = {}): Repo => ({
  id,
  name: `acme/server-${id}`,
  topics: ['mcp-server'],
  ...fields,
});
const knowing = (listings: readonly Sighting[], places: readonly string[] = []) => ({
  listings: async () => listings,
  addresses: async () => places,
});

test('a repository is listed under the id that stays, with what the forge knows of it', async () => {
  const one = repo(7, {
    description: 'Does it',
    stars: 1_234,
    license: 'MIT',
    archived: true,
    parent: 'other/server',
    topics: ['mcp-server', 'ai'],
  });
  await using host = await fileHost(gitHub([one]));
  const sighting = {
    source: 'github',
    listing: 'R_7',
    name: 'acme/server-7',
    description: 'Does it',
    repository: { url: 'https://github.com/acme/server-7', forgeId: '7' },
    packages: [],
    remotes: [],
    status: 'active',
    forge: { archived: true, stars: 1_000, license: 'MIT', topics: ['ai', 'mcp-server'] },
  };
  expect((await discoverAt(github, host.url)).sightings).toEqual([sighting]);
  const { sightings, error } = await discoverAt(github, host.url, { settings });
  expect(error).toBeUndefined();
  expect(sightings).toEqual([{ ...sighting, forge: { ...sighting.forge, forkOf: 'https://github.com/other/server' } }]);
  expect(host.asked.some(({ url }) => url.href.includes('t0ken'))).toBe(false);
  expect(SETTINGS.githubToken.secret).toBe(true);
});

describe('past the cap of 1,000 results', () => {
  const day = (n: number) => new Date(Date.UTC(2025, 0, 1 + (n % 200))).toISOString().slice(0, 10);

  test('by the day of creation', async () => {
    await using host = await fileHost(
      gitHub(Array.from({ length: 1_200 }, (_, n) => repo(n + 1, { created: day(n) }))),
    );
    const { sightings, dropped, error } = await discoverAt(github, host.url);
    expect(error).toBeUndefined();
    expect(dropped).toEqual([]);
    expect(new Set(sightings.map(({ listing }) => listing)).size).toBe(1_200);
  });

  test('within one day by stars, and within equal stars by size', async () => {
    const repos = Array.from({ length: 1_300 }, (_, n) => repo(n + 1, { stars: n < 1_100 ? 0 : 5, size: n }));
    await using host = await fileHost(gitHub(repos));
    const { sightings, error } = await discoverAt(github, host.url);
    expect(error).toBeUndefined();
    expect(new Set(sightings.map(({ listing }) => listing)).size).toBe(1_300);
    expect(
      host.asked.some(({ url }) => /created:(\S+)\.\.\1 stars:0\.\.0 size:/.test(url.searchParams.get('q')!)),
    ).toBe(true);
  });

  test('and where not even that helps, it is said', async () => {
    await using host = await fileHost(gitHub(Array.from({ length: 1_100 }, (_, n) => repo(n + 1))));
    const { sightings, dropped } = await discoverAt(github, host.url);
    expect(sightings).toHaveLength(1_000);
    expect(dropped.map(({ reason }) => reason)).toContain('finds 1100, of which only the first are told');
  });

  test('halves fall on the same dates whatever the day, cover all and share nothing', () => {
    const [early, late] = halves(ALL_REPOSITORIES)!;
    expect(qualifiersOf(ALL_REPOSITORIES)).toBe('');
    expect(qualifiersOf(early)).toBe('created:2008-01-01..2030-06-05');
    expect(qualifiersOf(late)).toBe('created:>=2030-06-06');
    let slice = early;
    let steps = 0;
    for (let parts = halves(slice); parts; parts = halves(slice), steps++) slice = parts[1];
    expect(steps).toBe(13 + 20 + 24);
    expect(qualifiersOf(slice)).toBe('created:2030-06-05..2030-06-05 stars:>=1048575 size:>=16777215');
  });
});

test('code search finds what no topic marks, with a token only', async () => {
  const files = { 'packages/a/package.json': '{"dependencies":{"@modelcontextprotocol/sdk":"1"}}', 'README.md': '' };
  await using host = await fileHost(gitHub([repo(1, { topics: [], files })]));
  expect((await discoverAt(github, host.url)).sightings).toEqual([]);
  expect((await discoverAt(github, host.url, { settings })).sightings.map(({ listing }) => listing)).toEqual(['R_1']);
  const since = new Date('2026-11-20T00:00:00Z');
  const asked = host.asked.length;
  await discoverAt(github, host.url, { settings, since });
  expect(
    host.asked.slice(asked).every(({ url }) => url.searchParams.get('q')?.includes('pushed:>=2026-11-20T00:00:00Z')),
  ).toBe(true);
});

describe('what was known before is looked at again', () => {
  const pass = async (repos: Repo[], known: readonly Sighting[] = [], places: readonly string[] = []) => {
    await using host = await fileHost(gitHub(repos));
    for (const { id } of repos.filter(({ isHidden }) => isHidden))
      host.fault({ status: 451, body: '{"message":"Repository access blocked"}' }, { path: `/repositories/${id}` });
    return await discoverAt(github, host.url, { settings, known: knowing(known, places) });
  };

  test('renames keep the listing and the addresses from before; what is archived, off or gone is said', async () => {
    const repos = Array.from({ length: 6 }, (_, n) => repo(n + 1));
    const first = (await pass(repos)).sightings;
    repos[0]!.name = 'acme/renamed';
    Object.assign(repos[1]!, { topics: [], archived: true });
    repos[2]!.disabled = true;
    const left = repos
      .filter(({ id }) => id !== 5)
      .map((one) => (one.id === 6 ? { ...one, topics: [], isHidden: true } : one));
    const { sightings, dropped, error } = await pass(left, first);
    expect(error).toBeUndefined();
    const by = new Map(sightings.map((one) => [one.listing, one]));
    expect(by.get(nodeOf(1))?.repository).toEqual({
      url: 'https://github.com/acme/renamed',
      forgeId: '1',
      formerly: ['https://github.com/acme/server-1'],
    });
    expect(by.get(nodeOf(2))?.forge).toMatchObject({ archived: true });
    expect(by.get(nodeOf(3))?.forge).toMatchObject({ disabled: true });
    expect(by.get(nodeOf(5))).toEqual({ ...first[4], status: 'deleted' });
    // There, and not for us: that says nothing of it.
    expect(by.get(nodeOf(6))).toEqual(first[5]);
    expect(dropped).toEqual([{ listing: 'R_6', reason: 'GitHub answers 451' }]);

    repos[0]!.name = 'acme/renamed-again';
    const third = await pass([...left, repo(9, { name: 'acme/server-1' })], sightings);
    // The first name is another's by now.
    expect(third.sightings.find(({ listing }) => listing === 'R_1')?.repository?.formerly).toEqual([
      'https://github.com/acme/renamed',
    ]);
  });

  test('whoever takes a name that a repository had before is told apart from it', async () => {
    const moved = repo(1, { name: 'acme/new', former: ['acme/old', 'acme/older'] });
    const places = ['github.com/acme/old', 'github.com/acme/older'];
    const first = (await pass([moved], [], places)).sightings;
    expect(first).toHaveLength(1);
    expect((await pass([moved], first, places)).sightings).toEqual(first);
    const taker = repo(2, { name: 'acme/old', topics: [] });
    const { sightings } = await pass([moved, taker], first, places);
    expect(sightings.map(({ listing, repository }) => [listing, repository?.url])).toEqual([
      ['R_1', 'https://github.com/acme/new'],
      ['R_2', 'https://github.com/acme/old'],
    ]);
    const groups = join([
      ...sightings,
      { ...listing({ repository: 'https://github.com/acme/old' }, 1), source: 'list' },
      { ...listing({ repository: 'https://github.com/acme/older' }, 2), source: 'list' },
    ]);
    expect(groups.map((group) => group.sightings.map((one) => one.listing).sort())).toEqual(
      [
        ['R_1', '2'],
        ['R_2', '1'],
      ].map((group) => group.sort()),
    );
  });

  test('that nearly all are gone at once is not believed', async () => {
    const repos = Array.from({ length: 40 }, (_, n) => repo(n + 1));
    const first = (await pass(repos)).sightings;
    const { sightings, error } = await pass(repos.slice(0, 3), first);
    expect(String(error)).toMatch(/37 of 37 repositories are gone at once, which is not believed/);
    expect(sightings.filter(({ status }) => status === 'deleted')).toEqual([]);
  });

  test('what others name is given its id, also under a name that it had', async () => {
    const repos = [repo(1, { topics: [], name: 'acme/new', former: ['acme/old'] }), repo(2)];
    const places = ['github.com/acme/gone', 'github.com/acme/old', 'github.com/acme/server-2', 'gitlab.com/acme/x'];
    const { sightings, dropped } = await pass(repos, [], places);
    expect(sightings.map(({ repository }) => repository)).toEqual([
      { url: 'https://github.com/acme/new', forgeId: '1', formerly: ['https://github.com/acme/old'] },
      { url: 'https://github.com/acme/server-2', forgeId: '2' },
    ]);
    expect(dropped).toEqual([{ listing: 'acme/gone', reason: 'there is no such repository' }]);
  });
});

test('a night without changes asks each page at most once and moves no body; one with a change moves that', async () => {
  const files = { 'package.json': '{"dependencies":{"@modelcontextprotocol/sdk":"1"}}' };
  const repos = [
    ...Array.from({ length: 130 }, (_, n) => repo(n + 1, { stars: 3 })),
    repo(200, { topics: [], files }),
    repo(201, { topics: [], name: 'acme/new', former: ['acme/old', 'acme/older'] }),
    repo(202, { parent: 'acme/server-1', license: 'MIT', description: 'A fork' }),
    repo(204, { restId: 'MDEwOlJlcG8yMDQ=' }),
    // A fork of what is not for everyone to see.
    repo(203, { parent: '' }),
  ];
  const places = ['acme/old', 'acme/older', 'acme/nowhere', 'acme/server-1'].map((name) => `github.com/${name}`);
  await using host = await fileHost(gitHub(repos));
  const memory = shortMemory();
  const book = new Map<string, string>();
  const notes = {
    read: async (key: string) => book.get(key),
    write: async (k: string, v: string) => void book.set(k, v),
  };
  const night = async (known: readonly Sighting[], since?: Date) => {
    const from = host.asked.length;
    const given = { settings, memory, notes, known: knowing(known, places), ...(since && { since }) };
    const { sightings, error } = await discoverAt(github, host.url, given);
    expect(error).toBeUndefined();
    return { sightings, asked: host.asked.slice(from) };
  };
  const first = await night([]);
  expect(first.sightings).toHaveLength(135);
  // What no search lists is known from GraphQL; REST is asked for it the first time.
  const second = await night(first.sightings);
  const sent = second.asked.filter(({ status }) => status !== 304).map(({ url }) => url.pathname);
  const former = ['/repos/acme/old', '/repos/acme/older'];
  expect(sent.sort()).toEqual([...former, '/repositories/200', '/repositories/201', '/repositories/203'].sort());
  const third = await night(second.sightings);
  expect(third.asked.map(({ status }) => status)).toEqual(third.asked.map(() => 304));
  expect(new Set(third.asked.map(({ url }) => url.href)).size).toBe(third.asked.length);
  const byListing = (list: readonly Sighting[]) => new Map(list.map((one) => [one.listing, one]));
  expect(byListing(third.sightings)).toEqual(byListing(first.sightings));

  Object.assign(repos[4]!, { archived: true });
  repos.find(({ id }) => id === 201)!.archived = true;
  const fourth = await night(third.sightings);
  const moved = fourth.asked.filter(({ status }) => status !== 304);
  expect(moved.map(({ url }) => url.pathname).sort()).toEqual(
    ['/search/repositories', '/graphql', '/repositories/201', ...former].sort(),
  );
  const changed = fourth.sightings.filter(({ forge }) => forge?.archived);
  expect(changed.map(({ listing }) => listing).sort()).toEqual(['R_201', 'R_5']);
  expect(changed.find(({ listing }) => listing === 'R_201')?.repository?.formerly?.toSorted()).toEqual([
    'https://github.com/acme/old',
    'https://github.com/acme/older',
  ]);

  const recent = await night(fourth.sightings, new Date('2026-01-01T00:00:00Z'));
  expect(recent.asked.every(({ url }) => url.searchParams.get('q')?.includes('pushed:>='))).toBe(true);
});

test('of what GitHub answers that much is remembered which is read', async () => {
  const files = { 'package.json': '{"dependencies":{"@modelcontextprotocol/sdk":"1"}}' };
  await using host = await fileHost(gitHub([repo(1, { files })]));
  const kept: string[] = [];
  const memory = {
    recall: async () => undefined,
    keep: async (_: string, one: Remembered) => void kept.push(one.body),
  };
  await discoverAt(github, host.url, { settings, memory });
  expect(kept.filter((body) => body.includes('full_name')).length).toBeGreaterThan(0);
  expect(kept.filter((body) => body.includes('owner'))).toEqual([]);
});

describe('limits', () => {
  test.each([
    [
      'a secondary limit with its pause',
      {
        status: 403,
        body: '{"message":"You have exceeded a secondary rate limit"}',
        headers: { 'content-type': 'application/json', 'retry-after': '1' },
      },
    ],
    [
      'a secondary limit without one',
      {
        status: 403,
        body: '{"message":"You have exceeded a secondary rate limit"}',
        headers: { 'content-type': 'application/json' },
      },
    ],
    ['429 without Retry-After', { status: 429, body: '' }],
    ['502', { status: 502, body: '<html></html>' }],
  ])('%s is sat out by searches and by GraphQL alike', async (_, fault) => {
    for (const path of ['/search/repositories', '/graphql']) {
      await using host = await fileHost(gitHub([repo(1)]));
      host.fault(fault, { times: 1, path });
      const { sightings, error } = await discoverAt(github, host.url, { settings });
      expect(error).toBeUndefined();
      expect(sightings).toHaveLength(1);
    }
  });

  test.each([
    [
      'a spent limit',
      {
        status: 403,
        body: '{}',
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 3_600) },
      },
      'asks to be left alone',
    ],
    ['a bad token', { status: 401, body: '{"message":"Bad credentials"}' }, 'answered 401'],
    ['no object', { body: 'null' }, '127.0.0.1'],
    ['GraphQL without data', { body: '{"errors":[{"message":"Something went wrong"}]}' }, 'Something went wrong'],
  ])('%s is loud at once', async (_, fault, message) => {
    await using host = await fileHost(gitHub([repo(1)]));
    host.fault(fault, { path: '/graphql' });
    const { sightings, error } = await discoverAt(github, host.url, { settings });
    expect(String(error)).toContain(message);
    expect(String(error)).toMatch(/^SourceUnreachable: 127\.0\.0\.1:\d+ /);
    expect(host.asked.filter(({ url }) => url.pathname === '/graphql')).toHaveLength(1);
    expect(sightings).toEqual([]);
  });

  test('pages that repeat are noticed', async () => {
    const items = Array.from({ length: 100 }, (_, n) => ({ node_id: nodeOf(n), id: n + 1, full_name: `a/b${n}` }));
    const text = JSON.stringify({ total_count: 500, incomplete_results: false, items });
    await using host = await fileHost({ '/search/repositories': text });
    const { sightings, error } = await discoverAt(github, host.url);
    expect(String(error)).toContain("repeats its pages of 'topic:mcp-server' (page 2)");
    expect(sightings).toHaveLength(100);
  });
});
