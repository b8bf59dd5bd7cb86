import { afterAll, beforeAll, expect, test } from 'vitest';
import { joining } from '#discover/joining.ts';
import { lookAlike, ownedNames } from '#discover/likeness.ts';
import type { Sighting } from '#domain/server.ts';
import { originOf } from '#pipeline/origin.ts';
import { bearingsOf } from '#pipeline/related.ts';
import { standingOf } from '#pipeline/standing.ts';
import { findServer } from '#store/catalogue/catalogue.ts';
import type { Store } from '#store/engine/open.ts';
import { recordSightings } from '#store/listing/sightings.ts';
import { type Given, listing } from '../support/sighting.ts';
import { onEveryDatabase } from '../support/stores.ts';

const TEXT = 'Lets an agent read, search and change whatever the service keeps, with a key of its user.';
const DAY = (n: number) => new Date(Date.UTC(2026, 10, n));

onEveryDatabase('how servers stand to each other', (fresh) => {
  let store: Store;
  beforeAll(async () => {
    store = await fresh();
    let number = 0;
    const record = (
      given: Given & Partial<Pick<Sighting, 'description' | 'forge'>>,
      source: string,
      day = 1,
      id = number++,
    ) =>
      recordSightings(
        store.db,
        source,
        [{ ...listing(given, id), ...rest(given as unknown as Partial<Sighting>), source }],
        DAY(day),
        joining,
      );
    for (const source of ['a', 'b', 'c'])
      await record({ repository: 'https://github.com/acme/files', specs: ['npm:@acme/server-files'] }, source);
    await record({ specs: ['npm:@acrne/server-files'] }, 'a');
    await record({ specs: ['npm:@acme/server-filess'], repository: 'https://github.com/evil/files' }, 'a');
    await record(
      { repository: 'https://github.com/fork/files', forge: { forkOf: 'https://github.com/acme/files' } },
      'github',
    );
    await record({ repository: 'https://github.com/wrap/files', specs: ['npm:@acme/server-files'] }, 'a');
    await record({ repository: 'https://github.com/one/notes', description: TEXT }, 'a');
    await record({ repository: 'https://github.com/two/notes-memos', description: TEXT.toUpperCase() }, 'a');
    await record({ repository: 'https://github.com/three/memories', description: TEXT }, 'a');
    for (let i = 0; i < 9; i++)
      await record({ repository: `https://github.com/crowd-${i}/remote-mine`, description: `${TEXT} Fast.` }, 'a');
    await record({ repository: 'https://github.com/one/mcp-notes-server' }, 'a');
    const moving = number++;
    await record({ repository: 'https://github.com/first/tool', specs: ['npm:tool-mcp'] }, 'npm', 1, moving);
    await record({ repository: 'https://github.com/second/tool', specs: ['npm:tool-mcp'] }, 'npm', 2, moving);
    const X = 'io.github.acme/owned';
    await record({ registryName: X, repository: 'https://github.com/acme/owned', specs: ['npm:owned'] }, 'registry');
    await record({ registryName: 'io.github.evil/owned', specs: ['npm:owned'] }, 'registry');
    await record({ specs: ['npm:owned'], bears: [X] }, 'packages');
    const bearing = number++;
    await record({ registryName: 'io.github.acme/left', specs: ['npm:left'] }, 'registry');
    await record({ specs: ['npm:left'], bears: ['io.github.acme/left'] }, 'packages', 1, bearing);
    await record({ specs: ['npm:left'], bears: [] }, 'packages', 2, bearing);
  });
  afterAll(() => store[Symbol.asyncDispose]());

  const related = async (key: string) => {
    const { server } = (await findServer(store.db, key))!;
    return (await bearingsOf(store.db, server)).related.map(({ kind, server: other, because }) => [
      kind,
      other?.slug,
      because,
    ]);
  };

  test('a name that is nearly that of a widely listed one is flagged, with what it is taken for', async () => {
    expect(await related('npm:@acrne/server-files')).toEqual([
      ['look-alike', 'acme/files', expect.stringMatching(/@acrne\/server-files is spelled like .*3 sources/)],
    ]);
    expect(await related('npm:@acme/server-files')).toEqual([]);
  });

  test('a fork and whoever names its package are edges to the original, and no merge', async () => {
    expect(await related('fork/files')).toEqual([['fork', 'acme/files', expect.stringContaining('github says')]]);
    expect(await related('wrap/files')).toEqual([
      ['names-package', 'acme/files', expect.stringContaining('pkg:npm/%40acme/server-files')],
    ]);
  });

  test('one text and a word of the name, or nearly the same name of one owner, is a possible duplicate', async () => {
    expect(await related('two/notes-memos')).toEqual([
      ['possible-duplicate', 'one/notes', 'Has the same description, and “notes” in its name.'],
    ]);
    const kinds = (await related('one/notes')).map(([kind, slug]) => [kind, slug]);
    expect(kinds).toHaveLength(2);
    expect(kinds).toEqual(
      expect.arrayContaining([
        ['possible-duplicate', 'one/mcp-notes-server'],
        ['possible-duplicate', 'two/notes-memos'],
      ]),
    );
  });

  test('a text alone is none, and neither is one that a crowd shares', async () => {
    expect(await related('three/memories')).toEqual([]);
    expect(await related('crowd-1/remote-mine')).toEqual([]);
  });

  test('a package that stopped pointing where it pointed is flagged with both places and the day', async () => {
    expect(await related('npm:tool-mcp')).toEqual([
      [
        'moved-away',
        undefined,
        expect.stringMatching(/first\/tool .*until 2026-11-02, and names .*second\/tool since/),
      ],
    ]);
  });

  test('an entry of the registry that names a package of another name is flagged, and gets nothing of it', async () => {
    const evil = (await findServer(store.db, 'registry:io.github.evil/owned'))!.server;
    expect(evil.packages).toEqual([]);
    const names = 'Its listing in registry as io.github.evil/owned names pkg:npm/owned, which says of itself';
    expect(await related(evil.id)).toContainEqual([
      'moved-away',
      'acme/owned',
      `${names} that it is io.github.acme/owned.`,
    ]);
    expect((await findServer(store.db, 'npm:owned'))?.server.slug).toBe('acme/owned');
  });

  test('a package that stops naming its registry name is flagged with the day', async () => {
    const said = /said of itself until 2026-11-02 that it is io\.github\.acme\/left, and does not since/;
    expect(await related('npm:left')).toEqual([['moved-away', 'io.github.acme/left', expect.stringMatching(said)]]);
  });

  test('the origin of a server says which link, in which listings', async () => {
    const origin = (await originOf(store.db, 'acme/files'))!;
    expect(origin.listings).toEqual(['a 0', 'b 1', 'c 2']);
    expect(origin.links).toEqual([
      { address: 'purl:pkg:npm/%40acme/server-files', between: ['a 0', 'b 1'] },
      { address: 'purl:pkg:npm/%40acme/server-files', between: ['a 0', 'c 2'] },
    ]);
    expect(await originOf(store.db, 'nobody')).toBeUndefined();
  });
});

test('who a publisher is, by what, and how the repository stands, is told of the listings that stand', () => {
  const sighting = (said: Partial<Sighting>): Sighting => ({
    ...{ source: 'x', listing: 'x', name: 'x', packages: [], remotes: [], status: 'active' },
    ...said,
  });
  const verified = { publisher: 'github.com/acme', proof: 'account' } as const;
  expect(standingOf([sighting({})])).toBeUndefined();
  expect(
    standingOf([
      sighting({ source: 'registry', verified }),
      sighting({ source: 'pulsemcp', status: 'deleted', verified: { publisher: 'Evil', proof: 'badge' } }),
      sighting({ source: 'mcpm', status: 'deprecated' }),
      sighting({ source: 'github', forge: { archived: true, stars: 1_000, license: 'MIT', topics: ['x'] } }),
    ]),
  ).toEqual({
    verified: [{ ...verified, source: 'registry' }],
    withdrawn: [
      { source: 'pulsemcp', status: 'deleted' },
      { source: 'mcpm', status: 'deprecated' },
    ],
    archived: true,
    stars: 1_000,
    license: 'MIT',
  });
});

/** What a listing of `test/support` does not take. */
function rest({ description, forge }: Partial<Sighting>): Partial<Sighting> {
  return { ...(description !== undefined && { description }), ...(forge && { forge }) };
}

test.each([
  ['@modelcontextprotoco1/server-x', 'is spelled like'],
  ['@modеlcontextprotocol/server-x', 'is spelled like'],
  ['@modelcontextprotocoll/server-x', 'differs by one character from'],
  ['@modelcontextprotcool/server-x', 'differs by one character from'],
  ['@modelcontextprotocol-official/server-x', 'has, under an owner whose name holds its owner’s, the name of'],
  ['@the-modelcontextprotocol/server-x', 'has, under an owner whose name holds its owner’s, the name of'],
  ['@modelcontextprotocol-official/server-y', undefined],
  ['@modelcontextprotocol/server-y', undefined],
  ['@somebody/server-x', undefined],
])('%s beside @modelcontextprotocol/server-x: %s', (name, how) => {
  const named = (text: string) => ({ kind: 'npm', name: text, owner: text.slice(0, text.indexOf('/')) });
  expect(lookAlike(named(name), named('@modelcontextprotocol/server-x'))).toBe(how);
});

test('a server goes by its packages and its repository', () => {
  const server = { packages: [{ purl: 'pkg:npm/%40acme/x' }], repository: { url: 'https://github.com/acme/tools' } };
  expect(ownedNames(server)).toEqual([
    { kind: 'npm', name: '@acme/x', owner: '@acme' },
    { kind: 'repository', name: 'github.com/acme/tools', owner: 'github.com/acme' },
  ]);
});
