import { expect, test } from 'vitest';
import { packageStarted, startOf } from '#discover/start.ts';

const oci = (name: string) => `pkg:oci/${name.split('/').at(-1)}?repository_url=${name.replaceAll('/', '%2F')}`;

test.each([
  ['npx -y @acme/x', { purl: 'pkg:npm/%40acme/x' }],
  ['npx -y @acme/x@1.2.3 serve', { purl: 'pkg:npm/%40acme/x', version: '1.2.3', args: ['serve'] }],
  ['npx acme@latest', { purl: 'pkg:npm/acme' }],
  ['npx -y --package=@acme/x x-mcp --stdio', { purl: 'pkg:npm/%40acme/x', args: ['--stdio'] }],
  ['npx -p acme acme-bridge', { purl: 'pkg:npm/acme' }],
  ['/usr/local/bin/npx acme', { purl: 'pkg:npm/acme' }],
  ['npx.cmd acme', { purl: 'pkg:npm/acme' }],
  ['pnpm dlx acme', { purl: 'pkg:npm/acme' }],
  ['npm install -g acme', { purl: 'pkg:npm/acme' }],
  ['npx acme --key YOUR_KEY --mode all', { purl: 'pkg:npm/acme', args: ['--mode', 'all'] }],
  ['npx acme --key=<KEY> --mode all', { purl: 'pkg:npm/acme', args: ['--mode', 'all'] }],
  ['npx acme /path/to/files --mode', { purl: 'pkg:npm/acme' }],
  ['uvx acme_x[cli]==1.0', { purl: 'pkg:pypi/acme-x', version: '1.0' }],
  ['uvx --from acme-x@2.0 acme', { purl: 'pkg:pypi/acme-x', version: '2.0' }],
  ['uvx --python 3.12 acme', { purl: 'pkg:pypi/acme' }],
  ['uv tool run acme', { purl: 'pkg:pypi/acme' }],
  ['docker run -i --rm mcp/x', { purl: oci('docker.io/mcp/x') }],
  [
    'docker run --rm -i -e A_KEY -e LEVEL=info --name x ghcr.io/acme/x:1.0 stdio',
    {
      purl: oci('ghcr.io/acme/x'),
      version: '1.0',
      args: ['stdio'],
      env: [
        { name: 'A_KEY', secret: true },
        { name: 'LEVEL', default: 'info' },
      ],
    },
  ],
])('%s', (line, found) => {
  expect(packageStarted(line.split(' '))).toEqual(found);
});

test.each([
  'node build/index.js',
  'uv run server.py',
  'uvx --from git+https://github.com/acme/x acme',
  'npx github:acme/x',
  'npx ./x',
  'npx',
  'docker run -i --rm built-here',
  'docker compose up',
  'uvx run optimade-mcp-server',
  'npx deno run -A npm:acme',
  'npx -y tsx src/index.ts',
  'constructor x',
  '',
])('%s starts no package that could be looked up', (line) => {
  expect(packageStarted(line.split(' '))).toBeUndefined();
});

test('an entry of a client configuration, local or remote', () => {
  expect(
    startOf({ command: 'npx', args: ['-y', 'acme', 7], env: { API_KEY: 'k', MODE: 'all', 'no name': 1 } }),
  ).toEqual({
    packages: [
      {
        purl: 'pkg:npm/acme',
        env: [
          { name: 'API_KEY', secret: true },
          { name: 'MODE', default: 'all' },
        ],
      },
    ],
    remotes: [],
  });
  for (const key of ['url', 'serverUrl', 'httpUrl'])
    expect(startOf({ [key]: 'https://a.com/sse', type: 'sse' }).remotes).toEqual([
      { type: 'sse', url: 'https://a.com/sse' },
    ]);
  for (const entry of [null, 'npx x', [], { command: 7 }, { url: 'javascript:x' }])
    expect(startOf(entry)).toEqual({ packages: [], remotes: [] });
});
