import { expect, test } from 'vitest';
import { TooLarge, textFiles } from '#core/archive.ts';
import { mapAwesomeList } from '#discover/sources/awesome.ts';
import { mapMcpmEntry } from '#discover/sources/mcpm.ts';
import { mapTensorblockProfile } from '#discover/sources/tensorblock.ts';
import { mapToolsdkPackage } from '#discover/sources/toolsdk.ts';
import { tarball } from '../support/tar.ts';

test('an awesome list gives the first repository or package of each item, and only servers', () => {
  const readme = `
# Awesome
- [contents](#a)
## 📂 <a name="a"></a>File Systems
- <img src="https://i.com/x.png"/> [A](https://github.com/acme/tools/tree/main/src/a)<sup>1</sup> - Does *a*. See [b](https://github.com/acme/b)
- **[B](https://pypi.org/project/Acme_B)**: does b
  with more
  - [C](https://gitlab.com/acme/c) nested
- [Home](https://acme.com) - no repository
- [![badge](https://i.com/b.svg)](https://glama.ai/x) [D](https://github.com/acme/d)
## Clients
- [Client](https://github.com/acme/client)
## Community Servers
- [E](https://github.com/acme/e)
`;
  const found = mapAwesomeList(readme, 'acme/list');
  expect(found.map(({ name, description }) => [name, description])).toEqual([
    ['A', 'Does a. See b'],
    ['B', 'does b with more'],
    ['C', 'nested'],
    ['D', undefined],
    ['E', undefined],
  ]);
  expect(found[0]).toEqual({
    source: 'awesome',
    listing: 'acme/list github.com/acme/tools#src/a',
    name: 'A',
    description: 'Does a. See b',
    repository: { url: 'https://github.com/acme/tools/tree/main/src/a' },
    packages: [],
    remotes: [],
    status: 'active',
  });
  expect(found[1]?.packages).toEqual([{ purl: 'pkg:pypi/acme-b' }]);
});

test.each(['>'.repeat(20_000), '[a](b'.repeat(30_000), '['.repeat(50_000), `- ${'*a '.repeat(30_000)}`])(
  'a list made to be slow is read in a second (%#)',
  (readme) => {
    const began = performance.now();
    mapAwesomeList(readme, 'x');
    expect(performance.now() - began).toBeLessThan(1_000);
  },
);

test('an entry of mcpm: packages once each, variables explained, archived ones deprecated', () => {
  const entry = {
    name: 'a',
    display_name: 'A',
    repository: { url: 'https://github.com/acme/a' },
    is_archived: true,
    arguments: { A_KEY: { description: 'the key', required: true } },
    installations: {
      npm: { command: 'npx', args: ['-y', '@acme/a', '--x'], env: { A_KEY: '<A_KEY>' } },
      again: { command: 'npx', args: ['@acme/a'] },
      local: { command: 'python', args: ['a.py'] },
      http: { type: 'http', url: 'https://a.com/mcp' },
    },
  };
  expect(mapMcpmEntry(entry)).toEqual({
    source: 'mcpm',
    listing: 'a',
    name: 'a',
    title: 'A',
    repository: { url: 'https://github.com/acme/a' },
    packages: [
      {
        purl: 'pkg:npm/%40acme/a',
        args: ['--x'],
        env: [{ name: 'A_KEY', description: 'the key', required: true, secret: true }],
      },
    ],
    remotes: [{ type: 'streamable-http', url: 'https://a.com/mcp' }],
    status: 'deprecated',
  });
});

test('a profile of TensorBlock: the package of a command, but not the prose after it', () => {
  const profile = {
    id: 'x-1',
    name: 'X',
    links: { repo: 'https://github.com/acme/x', homepage: null, endpoint: 'https://x.com/sse' },
    install: { commands: ['npx x-mcp search postgres', 'pip install x_mcp', 'git clone x'], env: ['X_TOKEN', 7] },
    transport: ['stdio', 'sse'],
  };
  const env = [{ name: 'X_TOKEN', secret: true }];
  expect(mapTensorblockProfile(profile)).toEqual({
    source: 'tensorblock',
    listing: 'x-1',
    name: 'X',
    title: 'X',
    repository: { url: 'https://github.com/acme/x' },
    packages: [
      { purl: 'pkg:npm/x-mcp', env },
      { purl: 'pkg:pypi/x-mcp', env },
    ],
    remotes: [{ type: 'sse', url: 'https://x.com/sse' }],
    status: 'active',
  });
});

test('a package of ToolSDK; its scope of remotes names no packages', () => {
  const entry = {
    packageName: 'a',
    runtime: 'node',
    packageVersion: '1.0.0',
    url: 'https://github.com/acme/a/tree/main/a',
    env: { A_TOKEN: { description: 'd', required: true } },
    binArgs: ['mcp', 'serve'],
  };
  expect(mapToolsdkPackage(entry)).toMatchObject({
    listing: 'node:a',
    packages: [
      {
        purl: 'pkg:npm/a',
        version: '1.0.0',
        args: ['mcp', 'serve'],
        env: [{ name: 'A_TOKEN', description: 'd', required: true, secret: true }],
      },
    ],
  });
  const remote = {
    packageName: '@toolsdk-remote/a',
    runtime: 'node',
    remotes: [{ type: 'sse', url: 'https://a.com/s' }],
  };
  expect(mapToolsdkPackage(remote)).toMatchObject({ packages: [], remotes: [{ type: 'sse', url: 'https://a.com/s' }] });
  expect(mapToolsdkPackage({ packageName: 'a', runtime: 'go' })).toMatchObject({ packages: [] });
});

async function* inParts(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += 1_000) yield bytes.subarray(i, i + 1_000);
}

test('of an archive only the wanted files are read; links are none', async () => {
  const archive = tarball([
    { path: 'x/a.json', content: '1' },
    { path: 'x/b.txt', content: '2' },
    { path: 'x/link.json', link: '/etc/passwd' },
  ]);
  expect([...(await textFiles(inParts(archive), /\.json$/, 1_000))]).toEqual([['a.json', '1']]);
});

test('an archive that breaks off, is none, or unpacks to too much is an error', async () => {
  const content = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 251));
  const archive = tarball([{ path: 'x/a.json', content }]);
  await expect(textFiles(inParts(archive.subarray(0, archive.length / 2)), /./, 1e6)).rejects.toThrow();
  await expect(textFiles(inParts(Buffer.from('<html></html>')), /./, 1e6)).rejects.toThrow();
  const bomb = tarball([{ path: 'x/a.json', content: Buffer.alloc(5_000_000) }]);
  await expect(textFiles(inParts(bomb), /none/, 1e6)).rejects.toBeInstanceOf(TooLarge);
});
