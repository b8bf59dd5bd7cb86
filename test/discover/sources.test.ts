import { join as joinPath } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { openHttp } from '#core/http.ts';
import { plugins } from '#core/plugins.ts';
import { mapListedRepository, mapRepositoryNode } from '#discover/github/repository.ts';
import { join } from '#discover/join.ts';
import { mergeSightings } from '#discover/merge.ts';
import { idsOf, slugOf } from '#discover/names.ts';
import { mapNpmManifest, mapNpmPackage } from '#discover/npm/package.ts';
import { mapRegistryEntry } from '#discover/registry-list.ts';
import { type Dropped, isDropped, type Source } from '#discover/source.ts';
import { mapDockerEntry, mapDockerManifest } from '#discover/sources/docker.ts';
import { mapDocument } from '#discover/sources/from.ts';
import { mapGlamaEntry } from '#discover/sources/glama.ts';
import { mapMcpmEntry } from '#discover/sources/mcpm.ts';
import { mapPypiProject } from '#discover/sources/pypi.ts';
import { mapSmitheryEntry } from '#discover/sources/smithery.ts';
import starter, { mapStarterEntry } from '#discover/sources/starter.ts';
import { mapTensorblockProfile } from '#discover/sources/tensorblock.ts';
import { mapToolsdkPackage } from '#discover/sources/toolsdk.ts';
import { mapServerCard } from '#discover/well-known/card.ts';
import type { Sighting } from '#domain/server.ts';

const sources = await plugins<Source>(joinPath(import.meta.dirname, '../../src/discover/sources'));

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

const words = fc.constantFrom('npm', 'npx', 'docker', 'run', '-y', 'a/b', 'github.com/a/b', '__proto__', 'constructor');
const value = fc.oneof(
  words,
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.constant(null),
  fc.webUrl(),
  fc.constant('npm'),
);
const key = fc.constantFrom(
  'command',
  'args',
  'env',
  'repo',
  'project',
  'commands',
  'name',
  'url',
  'type',
  'value',
  'identifier',
  'registryType',
  'registry_name',
  'version',
  'source',
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    value,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
  ),
}));
const fields = fc.record(
  {
    name: fc.oneof(tree, fc.constant('io.github.acme/x')),
    package: tree,
    id: fc.oneof(tree, fc.constant('x')),
    info: tree,
    homepage: tree,
    qualifiedName: fc.oneof(tree, fc.constant('@a/x')),
    packageName: fc.oneof(tree, fc.constant('x')),
    runtime: fc.constantFrom('node', 'python', 'docker'),
    image: tree,
    source: tree,
    env: tree,
    installations: tree,
    mcpServers: tree,
    install: tree,
    title: tree,
    links: tree,
    description: tree,
    repository: tree,
    packages: tree,
    remotes: tree,
    _meta: tree,
    version_detail: tree,
  },
  { requiredKeys: [] },
);
const record = fc.oneof(tree, fields, fc.record({ server: fields, _meta: tree }), fc.anything());

test.each([
  ['the registry', mapRegistryEntry],
  ['npm', mapNpmPackage],
  ["npm's manifests", mapNpmManifest],
  ["GitHub's search", mapListedRepository],
  ["GitHub's GraphQL", mapRepositoryNode],
  ['a server card', (given: unknown) => mapServerCard(given, new URL('https://acme.com/card'))],
  ['the starter list', mapStarterEntry],
  ["Docker's catalogue", mapDockerEntry],
  ["Docker's repository", mapDockerManifest],
  ['mcpm', mapMcpmEntry],
  ['PyPI', mapPypiProject],
  ['Smithery', mapSmitheryEntry],
  ['Glama', mapGlamaEntry],
  ['TensorBlock', mapTensorblockProfile],
  ['ToolSDK', mapToolsdkPackage],
  ['a file of one’s own', (given: unknown) => mapDocument(given, 'file')[0]],
])('whatever a record of %s holds, it is taken or dropped, and what is taken can be joined', (_, map) => {
  const property = fc.property(record, (given) => {
    const found = map(given);
    if (found === undefined) return;
    expect(found.listing.length).toBeGreaterThan(0);
    expect(found.listing.length).toBeLessThanOrEqual(215);
    if (isDropped(found)) expect(found.reason).toMatch(/\S/);
    else {
      const [group] = join([found]);
      mergeSightings(idsOf(group!)[0]!, slugOf(group!), group!);
    }
  });
  fc.assert(property, { numRuns: 1_000 });
});
