import { expect, test } from 'vitest';
import { registryName, registryNamesIn } from '#core/registry-name.ts';
import { join } from '#discover/join.ts';
import { mapBorne } from '#discover/sources/packages.ts';
import { mapPypiProject } from '#discover/sources/pypi.ts';
import type { Sighting } from '#domain/server.ts';
import { type Given, listing, split } from '../support/sighting.ts';

const N = 'io.github.acme/x';
const entry = (given: Given, number: number) => listing({ source: 'registry', registryName: N, ...given }, number);
const says = (purl: string, names: readonly string[], number: number) =>
  ({ ...mapBorne({ purl, names }), listing: String(number) }) as Sighting;
const groups = (...sightings: Sighting[]) => join(sightings);

test('a package and an entry of the registry that name each other are one server, whatever repository either names', () => {
  const npm = listing({ source: 'npm', specs: ['npm:x'], repository: 'https://github.com/old/x' }, 1);
  const one = entry({ specs: ['npm:x'], repository: 'https://github.com/acme/x' }, 0);
  expect(split(groups(one, npm))).toEqual([['0'], ['1']]);
  const proven = groups(one, npm, says('pkg:npm/x', ['io.github.Acme/x'], 2));
  expect(split(proven)).toEqual([['0', '1', '2']]);
  expect(proven[0]?.links.map(({ address }) => address)).toEqual([`registry:${N}`, `registry:${N}`]);
});

test('either side alone proves nothing', () => {
  const claimed = entry({ repository: 'https://github.com/acme/x' }, 0);
  expect(split(groups(claimed, says('pkg:npm/x', [N], 1)))).toEqual([['0'], ['1']]);
});

test('an entry that names a package of another name gets neither it nor its listings', () => {
  const evil = entry({ registryName: 'io.github.evil/x', specs: ['npm:x'] }, 0);
  const listed = listing({ specs: ['npm:x'] }, 1);
  expect(split(groups(evil, listed))).toEqual([['0', '1']]);
  const told = groups(evil, listed, says('pkg:npm/x', [N], 2));
  expect(split(told)).toEqual([['0'], ['1', '2']]);
  const alone = told.find(({ sightings }) => sightings.includes(evil));
  expect(alone?.aliases).toEqual([{ kind: 'registry', key: 'io.github.evil/x' }]);
  // A package that names nobody takes nothing from anyone.
  expect(split(groups(evil, listed, says('pkg:npm/x', [], 2)))).toEqual([['0', '1', '2']]);
});

test('an entry that was taken down proves nothing', () => {
  const gone = entry({ specs: ['npm:x'], repository: 'https://github.com/acme/x', status: 'deleted' }, 0);
  const npm = listing({ source: 'npm', specs: ['npm:x'], repository: 'https://github.com/old/x' }, 1);
  expect(split(groups(gone, npm, says('pkg:npm/x', [N], 2)))).toEqual([['0'], ['1', '2']]);
});

test('names are read out of READMEs as the registry has them checked', () => {
  const text = `# X\n<!-- mcp-name: ${N} -->\nmcp-name:io.github.acme/Y.\nmcp-name: nonsense\nmcp-name: ${N}`;
  expect(registryNamesIn(text)).toEqual([N, 'io.github.acme/y']);
  expect(registryNamesIn('mcp-name: '.repeat(200_000))).toEqual([]);
  for (const odd of ['a b/c', 7, `a/${'b'.repeat(300)}`]) expect(registryName(odd)).toBeUndefined();
  const project = { name: 'x-mcp', summary: 'An MCP server', description: text };
  expect(mapPypiProject({ info: { ...project, project_urls: {}, requires_dist: [] } })).toMatchObject({
    bears: [N, 'io.github.acme/y'],
  });
});
