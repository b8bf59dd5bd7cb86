import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { join } from '#discover/join.ts';
import { ownerOf, placeOf } from '#discover/place.ts';
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
      'when it is the only folder that is known',
      [{ repository: R }, { repository: R, subfolder: 'x', specs: ['npm:a'] }],
    ],
    ['when the folder is only its source', [{ repository: `${R}/tree/main/src` }, { repository: R, specs: ['npm:a'] }]],
    [
      'when an image ships the package',
      [
        { repository: R, specs: ['npm:a'] },
        { repository: R, specs: ['oci:mcp/a'] },
      ],
    ],
    [
      'when an owner moved the package to another repository of theirs',
      [
        { repository: R, specs: ['npm:a'] },
        { repository: 'https://github.com/acme/archive', subfolder: 'src/a', specs: ['npm:a'] },
      ],
    ],
    [
      'when the forge says that a repository was renamed',
      [
        { source: 'github', repository: 'https://github.com/other/new', forgeId: '42', formerly: [R] },
        { repository: R },
        { repository: 'https://github.com/other/new' },
      ],
    ],
    [
      'when an owner registers a repository before and after its renaming',
      [
        { registryName: 'io.github.acme/x', repository: R, forgeId: '42' },
        { registryName: 'io.github.acme/x', repository: 'https://github.com/acme/new', forgeId: '42' },
        { repository: R },
      ],
    ],
    [
      'when a registry entry of another owner brings nothing to run',
      [{ repository: R }, { registryName: 'io.github.other/x', repository: R }],
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
    [
      'a repository of several folders and one of them',
      [{ repository: R }, { repository: R, subfolder: 'x' }, { repository: R, subfolder: 'y' }],
    ],
    [
      'a package of a repository and another in a folder of it',
      [
        { repository: R, specs: ['npm:a'] },
        { repository: R, subfolder: 'x', specs: ['npm:b'] },
      ],
    ],
    [
      'two images of one publisher in one repository',
      [
        { repository: R, specs: ['oci:mcp/a'] },
        { repository: R, specs: ['oci:mcp/b'] },
      ],
    ],
    [
      'a package of one owner that another one names as well',
      [
        { source: 'npm', repository: R, specs: ['npm:a'] },
        { repository: 'https://github.com/other/tools', specs: ['npm:a'] },
      ],
    ],
    [
      'repositories of which somebody says that they have one number',
      [
        { repository: R, forgeId: '42' },
        { registryName: 'io.github.evil/x', repository: 'https://github.com/evil/x', forgeId: '42' },
        { source: 'github', repository: R, forgeId: '42' },
      ],
      2,
    ],
    [
      'a repository that took over the name of one that moved',
      [
        { source: 'github', repository: 'https://github.com/acme/new', forgeId: '42', formerly: [R] },
        { source: 'github', repository: R, forgeId: '77' },
      ],
    ],
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
      'a repository and a package that another owner registers for it',
      [{ repository: R }, { registryName: 'io.github.evil/x', repository: R, specs: ['npm:evil'] }],
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

test('of a repository with several packages, the page goes with the one that bears its name', () => {
  const given = [{ repository: R }, { repository: R, specs: ['npm:a'] }, { repository: R, specs: ['npm:tools'] }];
  expect(split(join(given.map(listing)))).toEqual([['0', '2'], ['1']]);
  const owned = [...given, { registryName: 'io.github.acme/a', repository: R, specs: ['npm:a'] }];
  expect(split(join(owned.map(listing)))).toEqual([['0', '1', '3'], ['2']]);
});

test('a package that is listed without a folder goes to the one that bears its name', () => {
  const given = [
    { repository: R, subfolder: 'src/files' },
    { repository: R, subfolder: 'src/memory' },
    { repository: R, specs: ['npm:@acme/server-memory'] },
  ];
  expect(split(join(given.map(listing)))).toEqual([['0'], ['1', '2']]);
});

test('an earlier address of a repository stays an address of its server', () => {
  const [group] = join([
    listing({ source: 'github', repository: 'https://github.com/acme/new', forgeId: '42', formerly: [R] }),
    listing({ repository: R, specs: ['npm:a'] }, 1),
  ]);
  const keys = group!.aliases.map(({ kind, key }) => `${kind}:${key}`);
  expect(keys).toEqual(expect.arrayContaining(['repository:github.com/acme/tools', 'repository:github.com/acme/new']));
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
    source: fc.constantFrom('npm', 'registry', 'github', 'list'),
    repository: fc.constantFrom(R, 'https://github.com/acme/other', 'https://github.com/fork/tools'),
    subfolder: fc.constantFrom('x', 'y'),
    specs: fc.uniqueArray(fc.constantFrom('npm:a', 'npm:b', 'pypi:a', 'npm:mcp-remote'), { maxLength: 2 }),
    remotes: fc.uniqueArray(fc.constantFrom('https://a.com/mcp', 'https://b.com/mcp'), { maxLength: 1 }),
    registryName: fc.constantFrom('io.github.acme/x', 'io.github.acme/y', 'com.acme/z'),
    forgeId: fc.constantFrom('42', '77'),
    formerly: fc.constantFrom([R], ['https://github.com/acme/other']),
    status: fc.constantFrom('active' as const, 'deleted' as const),
    bears: fc.uniqueArray(fc.constantFrom('io.github.acme/x', 'io.github.acme/y'), { maxLength: 2 }),
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

  test('no server has repositories of two owners, nor two packages of one kind without a listing that names both', () => {
    for (const { sightings, aliases } of groups) {
      const owners = new Set(
        sightings.flatMap((one) => (one.repository && placeOf(one.repository)) ?? []).map(ownerOf),
      );
      expect(owners.size).toBeLessThanOrEqual(1);
      const npm = (one: (typeof sightings)[number]) =>
        one.packages.filter(({ purl }) => purl.startsWith('pkg:npm/')).map(({ purl }) => purl);
      const most = Math.max(...sightings.map((one) => new Set(npm(one)).size));
      const own = aliases.filter(({ key }) => key.startsWith('pkg:npm/'));
      if (most <= 1) expect(own.length).toBeLessThanOrEqual(1);
    }
  });
});
