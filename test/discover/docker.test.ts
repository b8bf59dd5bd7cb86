import { expect, test } from 'vitest';
import docker, { mapDockerEntry, mapDockerManifest } from '#discover/sources/docker.ts';
import { discoverAt } from '../support/discover.ts';
import { fileHost } from '../support/file-host.ts';

const found = {
  source: 'docker',
  listing: 'sqlite',
  name: 'sqlite',
  title: 'SQLite',
  description: 'A database.',
  repository: { url: 'https://github.com/acme/servers', subfolder: 'src/sqlite' },
  packages: [
    {
      purl: 'pkg:oci/sqlite?repository_url=docker.io%2Fmcp%2Fsqlite',
      version: '1.2',
      env: [{ name: 'DB_PASSWORD', secret: true }, { name: 'LEVEL', default: 'info' }, { name: 'DB_URL' }],
      args: ['--db-path', '/mcp/db.sqlite'],
    },
  ],
  remotes: [],
  status: 'active',
};

test('a server.yaml is a sighting', () => {
  const manifest = {
    name: 'sqlite',
    image: 'mcp/sqlite:1.2',
    type: 'server',
    about: { title: 'SQLite', description: 'A database.' },
    source: { project: 'https://github.com/acme/servers', branch: 'main', directory: 'src/sqlite' },
    run: { command: ['--db-path', '/mcp/db.sqlite', '{{sqlite.mode}}', 'late'] },
    config: {
      secrets: [{ name: 'sqlite.password', env: 'DB_PASSWORD', example: 'hunter2' }],
      env: [
        { name: 'LEVEL', value: 'info' },
        { name: 'DB_URL', value: '{{sqlite.url}}' },
      ],
    },
  };
  expect(mapDockerManifest(manifest)).toEqual(found);
});

test('an entry of the catalogue is the same sighting', () => {
  const entry = {
    name: 'sqlite',
    image: 'mcp/sqlite:1.2@sha256:0123',
    type: 'server',
    title: 'SQLite',
    description: 'A database.',
    source: 'https://github.com/acme/servers/tree/2025.4.24/src/sqlite',
    upstream: 'https://github.com/acme/servers',
    command: ['--db-path', '/mcp/db.sqlite'],
    secrets: [{ name: 'sqlite.password', env: 'DB_PASSWORD' }],
    env: [
      { name: 'LEVEL', value: 'info' },
      { name: 'DB_URL', value: '{{sqlite.url}}' },
    ],
  };
  const repository = { url: 'https://github.com/acme/servers/tree/2025.4.24/src/sqlite' };
  expect(mapDockerEntry(entry)).toEqual({ ...found, repository });
});

test.each([null, 'text', 7, {}, { name: 'x' }, { name: 7, type: 'server' }, { name: '<b>', type: 'server' }])(
  'the record %j is dropped with a reason',
  (record) => {
    for (const map of [mapDockerEntry, mapDockerManifest])
      expect(map(record)).toMatchObject({ reason: expect.stringMatching(/\S/), listing: expect.stringMatching(/\S/) });
  },
);

test('fields of another type are left out; a bad entry does not harm its neighbours', async () => {
  const yaml = `registry:
  good: { type: server, title: [x], description: 7, image: { a: 1 }, source: "javascript:x", command: none, env: 3 }
  bad: text
  other: { type: remote, remote: { url: "file:///etc/passwd" } }
`;
  await using host = await fileHost({ '/mcp/catalog/v3/catalog.yaml': yaml });
  const { sightings, dropped, error } = await discoverAt(docker, host.url);
  expect(error).toBeUndefined();
  expect(sightings).toEqual(
    ['good', 'other'].map((name) => ({
      source: 'docker',
      listing: name,
      name,
      packages: [],
      remotes: [],
      status: 'active',
    })),
  );
  expect(dropped.map(({ listing }) => listing)).toEqual(['bad']);
});

test('a catalogue that refers to itself is refused, not unfolded', async () => {
  const bomb = `a: &a [x, x, x]\nb: &b [*a, *a, *a]\nregistry: { c: *b }\n`;
  await using host = await fileHost({ '/mcp/catalog/v3/catalog.yaml': bomb });
  expect(String((await discoverAt(docker, host.url)).error)).toContain('malformed');
});
