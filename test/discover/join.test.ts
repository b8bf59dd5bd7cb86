import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { join } from '#discover/join.ts';
import { placeOf } from '#discover/place.ts';
import { hasListings, realSightings } from '../support/shared.ts';
import { listing, split } from '../support/sighting.ts';

const R = 'https://github.com/acme/tools';

describe('sightings are of one server', () => {
  test.each([
    ['when they name the same package', [{ specs: ['npm:a'] }, { specs: ['npm:A@1.0.0'] }]],
    ['when one also names the repository', [{ specs: ['npm:a'] }, { specs: ['npm:a'], repository: R }]],
    ['when they share a registry name', [{ registryName: 'io.github.acme/x' }, { registryName: 'io.github.Acme/x' }]],
    [
      'when they share a remote',
      [{ remotes: ['https://mcp.acme.com/mcp'] }, { remotes: ['https://MCP.acme.com/mcp/'] }],
    ],
    ['when both only name the repository', [{ repository: R }, { repository: 'git@github.com:Acme/tools.git' }]],
    ['when a repository holds one package', [{ repository: R }, { repository: R, specs: ['npm:a'] }]],
    [
      'when they name the same folder',
      [{ repository: `${R}/tree/main/x` }, { repository: R, subfolder: 'x', specs: ['npm:a'] }],
    ],
    [
      'when a folder holds one package of each kind',
      [
        { repository: R, subfolder: 'x', specs: ['npm:a'] },
        { repository: R, subfolder: 'x', specs: ['pypi:a'] },
      ],
    ],
    [
      'when the owner registered it',
      [
        { registryName: 'io.github.acme/x', repository: R },
        { repository: R, specs: ['npm:a'] },
      ],
    ],
    [
      'through a listing of two packages',
      [{ specs: ['npm:a'] }, { specs: ['npm:a', 'pypi:b'] }, { specs: ['pypi:b'] }],
    ],
  ])('%s', (_, given) => {
    expect(split(join(given.map(listing)))).toHaveLength(1);
  });
});

describe('sightings stay apart', () => {
  test.each([
    [
      'different packages of one repository',
      [
        { repository: R, specs: ['npm:a'] },
        { repository: R, specs: ['npm:b'] },
      ],
    ],
    [
      'packages of two kinds in one repository',
      [
        { repository: R, specs: ['npm:a'] },
        { repository: R, specs: ['pypi:a'] },
      ],
    ],
    [
      'two packages of one kind in one folder',
      [
        { repository: R, subfolder: 'x', specs: ['npm:a'] },
        { repository: R, subfolder: 'x', specs: ['npm:b'] },
      ],
    ],
    [
      'different folders',
      [
        { repository: R, subfolder: 'x' },
        { repository: R, subfolder: 'y' },
      ],
    ],
    ['a repository and a folder of it', [{ repository: R }, { repository: R, subfolder: 'x' }]],
    [
      'a fork that names the package of the original',
      [
        { repository: R, specs: ['npm:a'] },
        { source: 'npm', repository: R, specs: ['npm:a'] },
        { repository: 'https://github.com/fork/tools', specs: ['npm:a'] },
      ],
      2,
    ],
    [
      'a repository and a package that alone claims to come from it',
      [{ repository: R }, { source: 'npm', repository: R, specs: ['npm:evil'] }],
    ],
    [
      'a repository and a registry name of another owner',
      [{ repository: R }, { registryName: 'io.github.evil/x', repository: R }],
    ],
    [
      'registry names of one repository',
      [
        { registryName: 'io.github.acme/x', repository: R },
        { registryName: 'io.github.acme/y', repository: R },
      ],
    ],
    [
      'listings that only share a launcher',
      [
        { specs: ['npm:mcp-remote'], remotes: ['https://a.com/mcp'] },
        { specs: ['npm:mcp-remote'], remotes: ['https://b.com/mcp'] },
      ],
    ],
    [
      'servers on this machine',
      [{ remotes: ['http://localhost:3000/mcp'], repository: R }, { remotes: ['http://localhost:3000/mcp'] }],
    ],
    ['remotes that differ by query', [{ remotes: ['https://a.com/mcp?x=1'] }, { remotes: ['https://a.com/mcp?x=2'] }]],
    ['remote templates', [{ remotes: ['https://{tenant}.a.com/mcp'] }, { remotes: ['https://{tenant}.a.com/mcp'] }]],
    ['the same name', [{ name: 'files' }, { name: 'files' }]],
    [
      'what a listing linked that was taken down',
      [{ specs: ['npm:a'] }, { specs: ['npm:a', 'pypi:b'], status: 'deleted' as const }, { specs: ['pypi:b'] }],
      2,
    ],
  ])('%s', (_, given, expected: number = given.length) => {
    expect(split(join(given.map(listing)))).toHaveLength(expected);
  });
});

test('a repository that turns out to hold two packages keeps its own page and lets both go', () => {
  const pointer = listing({ repository: R });
  const a = listing({ repository: R, specs: ['npm:a'] }, 1);
  const b = listing({ repository: R, specs: ['npm:b'] }, 2);
  expect(split(join([pointer, a]))).toEqual([['0', '1']]);
  expect(split(join([pointer, a, b]))).toEqual([['0'], ['1'], ['2']]);
});

test('the publishing registry says to whom a package belongs, whoever names it more often', () => {
  const fork = 'https://github.com/fork/tools';
  const groups = join([
    listing({ repository: fork, specs: ['npm:a'] }, 0),
    listing({ repository: fork, specs: ['npm:a'] }, 1),
    listing({ source: 'npm', repository: R, specs: ['npm:a'] }, 2),
  ]);
  const owner = groups.find(({ aliases }) => aliases.some(({ kind }) => kind === 'purl'));
  expect(owner?.sightings.map((one) => one.listing)).toEqual(['2']);
});

test('every address belongs to one server at most', () => {
  const groups = join([
    listing({ repository: R, specs: ['npm:a'] }, 0),
    listing({ repository: 'https://github.com/fork/tools', specs: ['npm:a'] }, 1),
    listing({ repository: R, subfolder: 'x', specs: ['npm:a'] }, 2),
    listing({ repository: R }, 3),
  ]);
  const addresses = groups.flatMap(({ aliases }) => aliases.map(({ kind, key }) => `${kind}:${key}`));
  expect(new Set(addresses).size).toBe(addresses.length);
});

const some = fc.record(
  {
    source: fc.constantFrom('npm', 'registry', 'list'),
    repository: fc.constantFrom(R, 'https://github.com/acme/other', 'https://github.com/fork/tools'),
    subfolder: fc.constantFrom('x', 'y'),
    specs: fc.uniqueArray(fc.constantFrom('npm:a', 'npm:b', 'pypi:a', 'npm:mcp-remote'), { maxLength: 2 }),
    remotes: fc.uniqueArray(fc.constantFrom('https://a.com/mcp', 'https://b.com/mcp'), { maxLength: 1 }),
    registryName: fc.constantFrom('io.github.acme/x', 'io.github.acme/y', 'com.acme/z'),
    status: fc.constantFrom('active' as const, 'deleted' as const),
  },
  { requiredKeys: ['source'] },
);

test('the order of sightings does not matter, and each is in one group', () => {
  const shuffled = fc
    .array(some, { maxLength: 8 })
    .map((given) => given.map(listing))
    .chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })));
  const property = fc.property(shuffled, ([sightings, others]) => {
    const whole = split(join(sightings));
    expect(split(join(others))).toEqual(whole);
    expect(whole.flat().sort()).toEqual(sightings.map((one) => one.listing).sort());
  });
  fc.assert(property, { numRuns: 500 });
});

describe.skipIf(!hasListings)(`real listings${hasListings ? '' : ' (skipped: no shared data)'}`, () => {
  const groups = hasListings ? join(realSightings()) : [];
  const groupOf = (repository: string, spec: string) =>
    groups.filter(({ sightings }) =>
      sightings.some(
        (one) => one.repository?.url.includes(repository) && one.packages.some(({ purl }) => purl === spec),
      ),
    );

  test('a monorepo of reference servers is as many servers', () => {
    const names = ['filesystem', 'memory', 'github', 'slack', 'everything', 'sequential-thinking'];
    const found = names.map(
      (name) => groupOf('modelcontextprotocol/servers', `pkg:npm/%40modelcontextprotocol/server-${name}`)[0],
    );
    expect(new Set(found).size).toBe(names.length);
  });

  test('a bridge to remote servers glues nothing', () => {
    const bridged = groups.filter(({ sightings }) =>
      sightings.some((one) => one.packages.some(({ purl }) => purl === 'pkg:npm/mcp-remote')),
    );
    expect(bridged.length).toBeGreaterThan(1);
    for (const { sightings } of bridged)
      expect(new Set(sightings.map((one) => one.repository?.url.toLowerCase())).size).toBe(1);
  });

  test('no server has two repositories, nor two packages of one kind without a listing that names both', () => {
    for (const { sightings } of groups) {
      const owners = new Set(sightings.flatMap((one) => (one.repository && placeOf(one.repository)?.repository) ?? []));
      expect(owners.size).toBeLessThanOrEqual(1);
      const npm = (one: (typeof sightings)[number]) =>
        one.packages.filter(({ purl }) => purl.startsWith('pkg:npm/')).map(({ purl }) => purl);
      const most = Math.max(...sightings.map((one) => new Set(npm(one)).size));
      if (most <= 1) expect(new Set(sightings.flatMap(npm)).size).toBeLessThanOrEqual(1);
    }
  });
});
