// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configurations write their variables so.
import { expect, test } from 'vitest';
import { clientOf, loadClients } from '#setup/client.ts';
import { parseConfig } from '#setup/parse.ts';
import type { Around } from '#setup/places.ts';

const clients = await loadClients();
const named = (id: string) => clients.find((one) => one.id === id)!;

const LINUX: Around = { platform: 'linux', home: '/home/u', workspace: '/work', env: {} };
const MAC: Around = { platform: 'darwin', home: '/Users/u', workspace: '/work', env: {} };
const WINDOWS: Around = {
  platform: 'win32',
  home: 'C:\\Users\\u',
  workspace: 'D:\\work',
  env: { APPDATA: 'C:\\Users\\u\\AppData\\Roaming', ProgramData: 'C:\\ProgramData', ProgramFiles: 'C:\\Program Files' },
};

const pathsOf = (id: string, around: Around) =>
  named(id)
    .places(around)
    .map(({ path, scope, glob }) => `${scope} ${path}${glob ? ` ${glob}` : ''}`);

test.each([
  [
    'claude-desktop',
    ['user /home/u/.config/Claude/claude_desktop_config.json'],
    ['user /Users/u/Library/Application Support/Claude/claude_desktop_config.json'],
    [
      'user C:\\Users\\u\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
      'user C:\\Users\\u\\AppData\\Local\\Packages Claude_*/LocalCache/Roaming/Claude/claude_desktop_config.json',
    ],
  ],
  [
    'claude-code',
    ['user /home/u/.claude.json', 'user /etc/claude-code/managed-mcp.json', 'workspace /work/.mcp.json'],
    [
      'user /Users/u/.claude.json',
      'user /Library/Application Support/ClaudeCode/managed-mcp.json',
      'workspace /work/.mcp.json',
    ],
    [
      'user C:\\Users\\u\\.claude.json',
      'user C:\\Program Files\\ClaudeCode\\managed-mcp.json',
      'workspace D:\\work\\.mcp.json',
    ],
  ],
  [
    'cursor',
    ['user /home/u/.cursor/mcp.json', 'workspace /work/.cursor/mcp.json'],
    ['user /Users/u/.cursor/mcp.json', 'workspace /work/.cursor/mcp.json'],
    ['user C:\\Users\\u\\.cursor\\mcp.json', 'workspace D:\\work\\.cursor\\mcp.json'],
  ],
  [
    'zed',
    ['user /home/u/.config/zed/settings.json', 'workspace /work/.zed/settings.json'],
    ['user /Users/u/.config/zed/settings.json', 'workspace /work/.zed/settings.json'],
    ['user C:\\Users\\u\\AppData\\Roaming\\Zed\\settings.json', 'workspace D:\\work\\.zed\\settings.json'],
  ],
  [
    'codex',
    ['user /home/u/.codex/config.toml', 'workspace /work/.codex/config.toml'],
    ['user /Users/u/.codex/config.toml', 'workspace /work/.codex/config.toml'],
    ['user C:\\Users\\u\\.codex\\config.toml', 'workspace D:\\work\\.codex\\config.toml'],
  ],
  ['plain', ['workspace /work/mcp.json'], ['workspace /work/mcp.json'], ['workspace D:\\work\\mcp.json']],
])('%s lies where it does on Linux, macOS and Windows', (id, linux, mac, windows) => {
  expect(pathsOf(id, LINUX)).toEqual(linux);
  expect(pathsOf(id, MAC)).toEqual(mac);
  expect(pathsOf(id, WINDOWS)).toEqual(windows);
});

test('VS Code, Windsurf, Gemini CLI and Continue have several places each', () => {
  expect(pathsOf('vscode', LINUX)).toContain('user /home/u/.config/Code/User/mcp.json');
  expect(pathsOf('vscode', MAC)).toContain('user /Users/u/Library/Application Support/Code/User/profiles */mcp.json');
  expect(pathsOf('vscode', WINDOWS)).toContain(
    'user C:\\Users\\u\\AppData\\Roaming\\Code - Insiders\\User\\settings.json',
  );
  expect(pathsOf('vscode', WINDOWS)).toContain('workspace D:\\work\\.vscode\\mcp.json');
  expect(pathsOf('windsurf', LINUX)).toContain('user /home/u/.codeium/windsurf/mcp_config.json');
  expect(pathsOf('windsurf', WINDOWS)).toContain('user C:\\Users\\u\\.codeium\\windsurf\\mcp_config.json');
  expect(pathsOf('gemini', LINUX)).toContain('user /etc/gemini-cli/settings.json');
  expect(pathsOf('gemini', MAC)).toContain('user /Library/Application Support/GeminiCli/settings.json');
  expect(pathsOf('gemini', WINDOWS)).toContain('user C:\\ProgramData\\gemini-cli\\settings.json');
  expect(pathsOf('continue', LINUX)).toContain('workspace /work/.continue/mcpServers *.{yaml,yml,json}');
  expect(pathsOf('continue', WINDOWS)).toContain('user C:\\Users\\u\\.continue\\config.yaml');
});

test('variables that clients heed move their places', () => {
  const env = { CODEX_HOME: '/c', CLAUDE_CONFIG_DIR: '/k', XDG_CONFIG_HOME: '/x', CONTINUE_GLOBAL_DIR: '/n' };
  const around = { ...LINUX, env };
  expect(pathsOf('codex', around)[0]).toBe('user /c/config.toml');
  expect(pathsOf('claude-code', around)[0]).toBe('user /k/.claude.json');
  expect(pathsOf('zed', around)[0]).toBe('user /x/zed/settings.json');
  expect(pathsOf('continue', around)[0]).toBe('user /n/config.yaml');
});

test.each([
  ['/home/u/.mcp.json', 'claude-code'],
  ['/home/u/.claude.json', 'claude-code'],
  ['C:\\x\\.cursor\\mcp.json', 'cursor'],
  ['/w/.vscode/mcp.json', 'vscode'],
  ['/x/Claude/claude_desktop_config.json', 'claude-desktop'],
  ['/x/mcp_config.json', 'windsurf'],
  ['/x/zed/settings.json', 'zed'],
  ['/x/.gemini/settings.json', 'gemini'],
  ['/x/.codex/config.toml', 'codex'],
  ['/x/.continue/mcpServers/a.yaml', 'continue'],
  ['/x/mcp.json', 'plain'],
  ['/x/whatever.json', 'plain'],
])('%s is known as a file of %s', (path, id) => {
  expect(clientOf(path, clients).id).toBe(id);
});

const NPX = { kind: 'command', command: 'npx', args: ['-y', 'a'] };
const servers = (id: string, file: string, text: string) => {
  const parsed = parseConfig(file, text);
  if ('problem' in parsed) throw new Error(parsed.problem.why);
  return named(id).servers(parsed.root);
};

test('the shapes of all clients are read', () => {
  const common = '{"mcpServers": {"s": {"command": "npx", "args": ["-y", "a"], "env": {"T": "v", "N": 1}}}}';
  for (const id of ['claude-desktop', 'claude-code', 'cursor', 'windsurf', 'gemini', 'continue', 'plain']) {
    const [one] = servers(id, 'x.json', common);
    expect(one).toMatchObject({ name: 's', disabled: false, start: NPX, line: 1, path: ['mcpServers', 's'] });
    expect(one!.start.kind === 'command' && [...one!.start.env]).toEqual([
      ['T', 'v'],
      ['N', '1'],
    ]);
  }
});

test('Claude Code: servers of the user and of each project', () => {
  const text =
    '{"numStartups": 3,\n "mcpServers": {"u": {"command": "npx"}},\n "projects": {"/p": {"mcpServers": {\n  "l": {"type": "sse", "url": "https://h/sse", "headers": {"A": "b"}}}}, "/q": {"history": []}}}';
  expect(servers('claude-code', '.claude.json', text)).toMatchObject([
    { name: 'u', line: 2 },
    { name: 'l', line: 4, column: 3, project: '/p', start: { kind: 'remote', type: 'sse', url: 'https://h/sse' } },
  ]);
});

test('VS Code: comments, trailing commas, `servers` and the older `mcp`', () => {
  const text = `// mine
{ "inputs": [{ "type": "promptString", "id": "key", "password": true }],
  "servers": { "gh": { "type": "http", "url": "https://h/mcp", "headers": { "Authorization": "Bearer \${input:key}" }, }, },
}`;
  expect(servers('vscode', 'mcp.json', text)).toMatchObject([
    { name: 'gh', line: 3, start: { kind: 'remote', type: 'streamable-http' } },
  ]);
  expect(servers('vscode', 'settings.json', '{"mcp": {"servers": {"o": {"command": "npx"}}}}')).toMatchObject([
    { name: 'o', path: ['mcp', 'servers', 'o'] },
  ]);
});

test('Zed: a command as text, as an object, an address, and what an extension brings', () => {
  const text = `{"context_servers": {
    "a": {"source": "custom", "command": "npx", "args": ["-y", "a"], "env": null},
    "b": {"command": {"path": "npx", "args": ["-y", "a"], "env": {"K": "v"}}, "settings": {}},
    "c": {"url": "https://h/mcp", "enabled": false},
    "d": {"source": "extension", "settings": {"token": "secret"}}}}`;
  const [a, b, c, d] = servers('zed', 'settings.json', text);
  expect([a!.start, b!.start]).toMatchObject([NPX, { ...NPX }]);
  expect(b!.start.kind === 'command' && b!.start.env.get('K')).toBe('v');
  expect(c).toMatchObject({ disabled: true, start: { kind: 'remote' } });
  expect(d!.start).toMatchObject({ kind: 'neither', why: expect.stringContaining('extension') });
});

test('Codex: tables, dotted and quoted keys, variables by name', () => {
  const text = `model = "x"
[mcp_servers.a]
command = "npx"
args = ["-y", "a"]
env_vars = ["GH"]
[mcp_servers.a.env]
K = "v"
[mcp_servers."b c"]
url = "https://h/mcp"
bearer_token_env_var = "TOK"
enabled = false
http_headers = { "X-A" = "1" }
`;
  const [a, b] = servers('codex', 'config.toml', text);
  expect(a).toMatchObject({ name: 'a', line: 2, start: NPX });
  expect(a!.start.kind === 'command' && [...a!.start.env]).toEqual([
    ['GH', '${GH}'],
    ['K', 'v'],
  ]);
  expect(b).toMatchObject({ name: 'b c', line: 8, disabled: true });
  expect(b!.start.kind === 'remote' && [...b!.start.headers]).toEqual([
    ['X-A', '1'],
    ['Authorization', 'Bearer ${TOK}'],
  ]);
});

test('Gemini CLI: the key of the address tells the transport', () => {
  const text = '{"mcpServers": {"a": {"httpUrl": "https://h/mcp"}, "b": {"url": "https://h/sse", "type": "sse"}}}';
  expect(servers('gemini', 'settings.json', text).map(({ start }) => start.kind === 'remote' && start.type)).toEqual([
    'streamable-http',
    'sse',
  ]);
});

test('Continue: lists in YAML, and the older JSON', () => {
  const text = `name: mine
mcpServers:
  - name: a
    command: npx
    args: ["-y", "a"]
  - name: b
    type: sse
    url: https://h/sse
    requestOptions:
      headers: { A: b }
`;
  const [a, b] = servers('continue', 'config.yaml', text);
  expect(a).toMatchObject({ name: 'a', line: 3, start: NPX, path: ['mcpServers', 0] });
  expect(b!.start.kind === 'remote' && b!.start.headers.get('A')).toBe('b');
  const older =
    '{"experimental": {"modelContextProtocolServers": [{"transport": {"type": "stdio", "command": "npx", "args": ["-y", "a"]}}]}}';
  expect(servers('continue', 'config.json', older)).toMatchObject([{ name: '1', start: NPX }]);
});

test('a plain file may be in the shape of any client, or bare', () => {
  for (const text of [
    '{"servers": {"s": {"command": "npx", "args": ["-y", "a"]}}}',
    '{"context_servers": {"s": {"command": "npx", "args": ["-y", "a"]}}}',
    '{"s": {"command": "npx", "args": ["-y", "a"]}, "version": 1}',
    '{"s": {"command": ["npx", "-y", "a"]}}',
  ])
    expect(servers('plain', 'x.json', text), text).toMatchObject([{ name: 's', start: NPX }]);
});

test('a client takes a policy, or it is told why none is written for it', () => {
  for (const { id, policy, unruled } of clients)
    expect([id, typeof unruled]).toEqual([id, policy ? 'undefined' : 'string']);
});
