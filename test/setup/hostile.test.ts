import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadClients } from '#setup/client.ts';
import { gather, readGiven } from '#setup/gather.ts';
import { parseConfig } from '#setup/parse.ts';

const home = mkdtempSync(join(tmpdir(), 'plimsoll-setup-'));
afterAll(() => rmSync(home, { recursive: true }));
const clients = await loadClients();
const put = (path: string, text: string | Buffer) => {
  const file = join(home, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
};

test.each([
  ['a.json', '{"mcpServers": {\n  "a": {"command": "npx",,}\n}}', 2, 26],
  ['b.json', '{"mcpServers": {"a": {"command": "n', 1, 34],
  ['c.toml', 'x = 1\n[mcp_servers.a]\ncommand = @\n', 3, 11],
  ['d.toml', '[a]\nb = 1\nb = 2\n', 3, 1],
  ['e.yaml', 'mcpServers:\n  - name: "a\n', 3, 1],
  ['f.yaml', 'a: 1\na: 2\n', 2, 1],
])('what is wrong with %s is told with its place', (file, text, line, column) => {
  const parsed = parseConfig(file, text);
  expect('problem' in parsed && parsed.problem).toMatchObject({ line, column, why: expect.stringMatching(/\w/) });
});

test.each([
  ['a.json', '['.repeat(200_000)],
  ['b.json', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
  ['c.toml', `a = ${'['.repeat(100)}${']'.repeat(100)}`],
  ['d.toml', `[${Array.from({ length: 100 }, () => 'a').join('.')}]\n`],
  ['e.yaml', `${'['.repeat(5000)}`],
  ['f.yaml', Array.from({ length: 100 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
])('%s is too deep, and is told so', (file, text) => {
  const parsed = parseConfig(file, text);
  expect('problem' in parsed && parsed.problem.why.length).toBeGreaterThan(0);
});

test('keys that are names of prototypes are names of servers, and change nothing', () => {
  const entry = '{"command": "npx", "args": ["-y", "a"], "__proto__": {"command": "evil"}}';
  for (const [file, text] of [
    ['x.json', `{"mcpServers": {"__proto__": ${entry}, "constructor": ${entry}, "toString": ${entry}}}`],
    ['x.yaml', `mcpServers: {"__proto__": ${entry}, "constructor": ${entry}, "toString": ${entry}}`],
  ] as const) {
    const parsed = parseConfig(file, text);
    const found = 'root' in parsed ? clients.find(({ id }) => id === 'cursor')!.servers(parsed.root) : [];
    expect(found.map(({ name, start }) => [name, start.kind === 'command' && start.command])).toEqual([
      ['__proto__', 'npx'],
      ['constructor', 'npx'],
      ['toString', 'npx'],
    ]);
  }
  expect(({} as { command?: string }).command).toBeUndefined();
});

test('an alias of YAML stands for nothing, so that none can grow', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from('bcdefghij', (to, at) => `${to}: &${to} [${Array(9).fill(`*${'abcdefghi'[at]}`)}]`).join('\n')}\nmcpServers: *j\n`;
  const parsed = parseConfig('x.yaml', bomb);
  expect('root' in parsed && clients.find(({ id }) => id === 'continue')!.servers(parsed.root)).toEqual([]);
});

test('one broken configuration does not stop the others', async () => {
  put('.cursor/mcp.json', '{"mcpServers": {"a": {"command": "npx"}}');
  put('.codex/config.toml', '[mcp_servers.b]\ncommand = "npx"\n');
  put('.continue/mcpServers/c.yaml', 'mcpServers:\n  - name: c\n    command: npx\n');
  put('.continue/mcpServers/d.txt', 'no configuration');
  put('.codeium/windsurf/mcp_config.json', Buffer.from('\uFEFF{"mcpServers": {"w": {"command": "npx"}}}'));
  const around = { platform: 'linux', home, workspace: join(home, 'work'), env: {} } as const;
  const { entries, broken } = await gather(clients, around, ['user', 'workspace']);
  expect(entries.map(({ client, name }) => `${client} ${name}`)).toEqual(['codex b', 'continue c', 'windsurf w']);
  expect(broken).toMatchObject([{ client: 'cursor', file: join(home, '.cursor/mcp.json'), line: 1, column: 41 }]);
});

test('only a regular file of bounded size and number is a configuration', async () => {
  mkdirSync(join(home, 'folder.json'));
  spawnSync('mkfifo', [join(home, 'pipe.json')]);
  const many = Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`s${at}`, { command: 'npx' }]));
  const files = {
    [join(home, 'none.json')]: /no such file/,
    [join(home, 'folder.json')]: /no regular file|cannot be read/,
    [join(home, 'pipe.json')]: /no regular file/,
    [put('huge.json', Buffer.alloc(33 * 1024 * 1024, ' '))]: /larger than 32 MB/,
    [put('many.json', JSON.stringify({ mcpServers: many }))]: /more than 500/,
    [put('long.json', JSON.stringify({ mcpServers: { ['x'.repeat(201)]: { command: 'npx' } } }))]: /more than 200/,
  };
  for (const [file, why] of Object.entries(files))
    expect((await readGiven(file, clients)).broken, file).toMatchObject([{ file, why: expect.stringMatching(why) }]);
});
