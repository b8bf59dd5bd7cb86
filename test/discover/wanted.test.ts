import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_WANTED, parseSetup, readSetup } from '#discover/wanted.ts';

const FILES = { command: 'npx', args: ['-y', '@x/files@1.2.0', '/home/me'], env: { KEY: 'sk-secret' } };
const REMOTE = { url: 'https://mcp.acme.com/mcp?api_key=sk-secret', headers: { Authorization: 'Bearer sk-secret' } };
const files = { addresses: ['purl:pkg:npm/%40x/files'], version: '1.2.0' };
const remote = { addresses: ['remote:https://mcp.acme.com/mcp'] };

test.each([
  ['Claude, Cursor, Windsurf, Gemini', { mcpServers: { a: FILES, b: REMOTE } }],
  ['VS Code', { inputs: [], servers: { a: FILES, b: REMOTE } }],
  ['settings of VS Code', { mcp: { servers: { a: FILES, b: REMOTE } } }],
  ['flat settings', { 'amp.mcpServers': { a: FILES, b: REMOTE } }],
  ['Zed', { context_servers: { a: { command: { ...FILES, command: undefined, path: 'npx' } }, b: REMOTE } }],
  ['Codex', { mcp_servers: { a: FILES, b: REMOTE } }],
  [
    'Continue',
    {
      mcpServers: [
        { name: 'a', ...FILES },
        { name: 'b', ...REMOTE },
      ],
    },
  ],
  ['Windsurf’s remotes', { mcpServers: { a: FILES, b: { serverUrl: REMOTE.url } } }],
  ['projects of Claude Code', { projects: { '/w': { mcpServers: { a: FILES, b: REMOTE } } } }],
])('servers in the configuration of %s', (_, config) => {
  expect(readSetup(JSON.parse(JSON.stringify(config)))).toEqual([
    { name: 'a', ...files },
    { name: 'b', ...remote },
  ]);
});

test.each([
  ['npm:@x/files@1.2.0', files],
  ['pkg:npm/%40x/files@1.2.0', files],
  ['@x/files@1.2.0', files],
  ['npx -y @x/files@1.2.0 --token sk-secret', files],
  ['uvx mcp-server-time', { addresses: ['purl:pkg:pypi/mcp-server-time'] }],
  ['https://mcp.acme.com/mcp?key=sk-secret', remote],
  ['npx mcp-remote https://mcp.acme.com/mcp --header Authorization:sk-secret', remote],
  [
    'https://github.com/Acme/Files/tree/main/sub?x=sk-secret',
    { addresses: ['repository:github.com/acme/files#sub', 'remote:https://github.com/Acme/Files/tree/main/sub'] },
  ],
  ['io.github.acme/files', { addresses: ['registry:io.github.acme/files'] }],
  ['./local.js', { addresses: [] }],
  ['', { addresses: [] }],
])('%s', (text, wanted) => {
  const [found] = readSetup([text]);
  expect(found!.addresses).toEqual(wanted.addresses);
  expect(found!.version).toBe((wanted as { version?: string }).version);
});

test('packages as the registry lists them', () => {
  const packages = [
    {
      registryType: 'npm',
      identifier: '@x/files',
      version: '1.2.0',
      environmentVariables: [{ name: 'K', value: 'sk-secret' }],
    },
  ];
  expect(readSetup({ packages })).toEqual([files]);
});

test('comments and last commas are read, other text is none', () => {
  expect(parseSetup('{ // mine\n "servers": {}, }')).toEqual({ servers: {} });
  expect(parseSetup('nonsense')).toBeUndefined();
  expect(parseSetup('['.repeat(200_000))).toBeUndefined();
});

test('no value of a variable, header or query is read, and there is an end', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`s${at}`, { ...FILES, ...REMOTE }]));
  const found = readSetup({ mcpServers: many });
  expect(found).toHaveLength(MOST_WANTED);
  expect(JSON.stringify(found)).not.toContain('sk-secret');
});

test('whatever is sent, something is answered', () => {
  fc.assert(
    fc.property(
      fc.anything({ maxDepth: 6, withObjectString: true }),
      fc.constantFrom('mcpServers', 'mcp', 'x'),
      (value, key) => {
        for (const one of [value, { [key]: value }, { mcpServers: { a: value } }])
          for (const { addresses } of readSetup(one)) expect(addresses.every((text) => text.isWellFormed())).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
