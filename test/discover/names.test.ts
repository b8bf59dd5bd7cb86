import { expect, test } from 'vitest';
import { join } from '#discover/join.ts';
import { mergeSightings } from '#discover/merge.ts';
import { idsOf, otherSlug, slugOf } from '#discover/names.ts';
import type { Sighting } from '#domain/server.ts';
import { type Given, listing } from '../support/sighting.ts';

const R = 'https://github.com/Acme/Tools';

function named(...given: Given[]) {
  const [group, ...others] = join(given.map(listing));
  expect(others).toEqual([]);
  return { id: idsOf(group!)[0], slug: slugOf(group!) };
}

test.each<[string, Given[], string, string]>([
  ['a package alone', [{ specs: ['npm:@acme/x'] }], 'npm:@acme/x', '@acme/x'],
  ['a package in its repository', [{ specs: ['npm:@acme/x'], repository: R }], 'npm:@acme/x', 'acme/tools'],
  ['a package in a folder', [{ specs: ['npm:x'], repository: R, subfolder: 'src/X' }], 'npm:x', 'acme/tools/src/x'],
  [
    'a package whose word alone names the repository',
    [{ source: 'npm', specs: ['npm:x'], repository: R }],
    'npm:x',
    'x',
  ],
  ['a repository', [{ repository: R }], 'github:acme/tools', 'acme/tools'],
  ['a folder', [{ repository: `${R}/tree/main/src/X` }], 'github:acme/tools#src/X', 'acme/tools/src/x'],
  ['a repository elsewhere', [{ repository: 'https://codeberg.org/a/b' }], 'git:codeberg.org/a/b', 'a/b'],
  ['a registry name', [{ registryName: 'com.acme/X' }], 'registry:com.acme/x', 'com.acme/x'],
  [
    'a registry name and a package',
    [{ registryName: 'com.acme/X', specs: ['npm:@acme/x'] }],
    'npm:@acme/x',
    'com.acme/x',
  ],
  ['a remote', [{ remotes: ['https://mcp.acme.com/a/'] }], 'remote:https://mcp.acme.com/a', 'mcp.acme.com/a'],
  ['an image', [{ specs: ['oci:ghcr.io/acme/x'] }], 'oci:ghcr.io/acme/x', 'ghcr.io/acme/x'],
  ['several packages', [{ specs: ['oci:acme/x', 'pypi:x', 'npm:y'] }], 'npm:y', 'y'],
  ['nothing that says which', [{ name: 'Files & more' }], 'list:0', 'files-more'],
  ['nothing readable', [{ name: '/-/../' }], 'list:0', expect.stringMatching(/^server-[0-9a-f]{8}$/) as never],
])('%s', (_, given, id, slug) => {
  expect(named(...given)).toEqual({ id, slug });
});

test('slugs are of bounded length and keep apart', () => {
  const [a, b] = ['a', 'b'].map((end) => named({ name: `${'x'.repeat(500)}${end}` }).slug);
  expect(a!.length).toBeLessThan(200);
  expect(a).not.toBe(b);
  expect(otherSlug('acme/x', 'npm:a')).not.toBe(otherSlug('acme/x', 'npm:b'));
  expect(otherSlug('acme/x', 'npm:a')).toMatch(/^acme\/x-[0-9a-f]{8}$/);
});

function merged(...sightings: Sighting[]) {
  const [group, ...others] = join(sightings);
  expect(others).toEqual([]);
  return mergeSightings('npm:x', 'x', group!);
}

const packaged = (source: string, fields: Partial<Sighting> & { readonly pkg?: object } = {}): Sighting => {
  const { pkg, ...rest } = fields;
  return { ...listing({ source, name: source }), packages: [{ purl: 'pkg:npm/x', ...pkg }], ...rest };
};

test('each field comes from the source that knows best', () => {
  const server = merged(
    packaged('zlist', { title: 'Z', description: 'from a list', homepage: 'https://z.com' }),
    packaged('npm', { description: 'from npm', pkg: { version: '2.0.0' } }),
    packaged('registry', {
      registryName: 'io.github.acme/x',
      title: 'X MCP Server',
      pkg: { version: '1.0.0', env: [{ name: 'KEY', secret: true }] },
    }),
    packaged('starter', { pkg: { args: ['--stdio'] } }),
    packaged('alist', { pkg: { args: ['--other'], env: [{ name: 'KEY' }, { name: 'MORE' }] } }),
  );
  expect(server).toMatchObject({
    title: 'X MCP Server',
    description: 'from npm',
    homepage: 'https://z.com',
    packages: [
      {
        purl: 'pkg:npm/x',
        version: '2.0.0',
        args: ['--stdio'],
        env: [{ name: 'KEY', secret: true }, { name: 'MORE' }],
      },
    ],
  });
});

test('the order of sightings does not matter', () => {
  const given = [packaged('b', { description: 'b' }), packaged('a', { description: 'a' }), packaged('npm')];
  expect(merged(...given)).toEqual(merged(...given.toReversed()));
});

test('a listing taken down speaks only where no other does', () => {
  const gone = packaged('registry', { registryName: 'io.github.acme/x', description: 'gone', status: 'deleted' });
  expect(merged(gone).description).toBe('gone');
  expect(
    merged(gone, { ...packaged('registry', { registryName: 'io.github.acme/x' }), listing: '1' }).description,
  ).toBeUndefined();
});

test('a fork that names the package of the original does not get it', () => {
  const original = packaged('npm', { repository: { url: R } });
  const fork = packaged('list', { repository: { url: 'https://github.com/fork/tools' } });
  const servers = join([original, fork]).map((group) => mergeSightings(idsOf(group)[0]!, slugOf(group), group));
  expect(servers.map(({ id, packages }) => [id, packages.length])).toEqual([
    ['github:fork/tools', 0],
    ['npm:x', 1],
  ]);
});

test('a bridge stays among the packages of a listing that starts with it', () => {
  const server = merged({
    ...listing({ remotes: ['https://mcp.acme.com/mcp'] }),
    packages: [{ purl: 'pkg:npm/mcp-remote' }],
  });
  expect(server.packages).toEqual([{ purl: 'pkg:npm/mcp-remote' }]);
});
