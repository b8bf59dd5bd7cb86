import { parse } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { loadClients } from '#setup/client.ts';
import { mergeJson } from '#setup/edit/json.ts';
import { mergeToml } from '#setup/edit/toml.ts';

const clients = await loadClients();
const policyOf = (id: string) => clients.find((one) => one.id === id)!.policy!;

const SETTINGS = `// mine
{
    "model": "x", // why
    "permissions": {
        "defaultMode": "plan",
        /* kept */
        "allow": ["Bash(ls)", "mcp__a__old"],
    },
    "hooks": {}
}
`;

test('Claude Code: rules are added, comments, order and a stricter mode stay', () => {
  const exported = JSON.stringify({
    $schema: 's',
    permissions: {
      defaultMode: 'default',
      allow: ['mcp__a__read'],
      ask: ['mcp__a__old'],
      deny: [],
      disableAutoMode: 'disable',
    },
  });
  const merged = policyOf('claude-code').merge(SETTINGS, exported, ['a']);
  expect(merged).toContain('// mine\n{\n    "model": "x", // why\n');
  expect(merged).toMatch(/\/\* kept \*\/\s+"allow": \[\s+"Bash\(ls\)",\s+"mcp__a__old",\s+"mcp__a__read"\s+\],/);
  expect(merged).toContain('"defaultMode": "plan"');
  expect(merged).toContain('"disableAutoMode": "disable"');
  expect(policyOf('claude-code').merge(merged, exported, ['a'])).toBe(merged);
});

test('Claude Code: a mode that answers in the user’s place does not stay', () => {
  const merged = policyOf('claude-code').merge(
    '{"permissions": {"defaultMode": "bypassPermissions"}}',
    '{"permissions": {"defaultMode": "default"}}',
    [],
  );
  expect(JSON.parse(merged)).toEqual({ permissions: { defaultMode: 'default' } });
});

test('Cursor: what its list allows of a server and the policy does not, goes; the rest stays', () => {
  const text =
    '{\n  "terminalAllowlist": ["git"],\n  // tools\n  "mcpAllowlist": ["a:*", "a:read", "a:gone", "b:x", "ab:y"]\n}\n';
  const merged = policyOf('cursor').merge(text, '{"mcpAllowlist": ["a:read", "a:list"]}', ['a']);
  expect(merged).toContain('// tools');
  expect(JSON.parse(merged.replace('// tools', ''))).toEqual({
    terminalAllowlist: ['git'],
    mcpAllowlist: ['a:read', 'b:x', 'ab:y', 'a:list'],
  });
});

test('Gemini CLI: the list of tools is replaced, the entry stays', () => {
  const text =
    '{\n\t"mcpServers": {\n\t\t"a": { "command": "npx", "trust": true, "includeTools": ["old"], "env": {"K": "$K"} }\n\t}\n}\n';
  const merged = policyOf('gemini').merge(text, '{"mcpServers": {"a": {"trust": false, "includeTools": ["read"]}}}', [
    'a',
  ]);
  expect(JSON.parse(merged)).toEqual({
    mcpServers: { a: { command: 'npx', trust: false, includeTools: ['read'], env: { K: '$K' } } },
  });
});

test('what is not there yet is made', () => {
  expect(JSON.parse(policyOf('vscode').merge('', '{"chat.tools.global.autoApprove": false}', []))).toEqual({
    'chat.tools.global.autoApprove': false,
  });
  expect(mergeToml('', [{ path: ['a', 'b c'], keys: { x: 1 } }])).toBe('[a."b c"]\nx = 1\n');
});

test.each(['{', '[]', '3', '{"a": 1, "a": {}}'])('%s is not edited', (text) => {
  expect(() => mergeJson(text, { a: { b: 1 } })).toThrow();
});

const CONFIG = `# mine
model = "x" # why

[mcp_servers.a]
command = "npx" # run
enabled_tools = ["old"] # tools
args = ["-y",
  "a"]

# other
[mcp_servers.b]
url = "https://h"
[mcp_servers.a.tools.read]
approval_mode = "approve"
note = 1
[profiles.p]
x = [ 1, 2 ]`;

test('Codex: keys are set where they are, added where they are not, and every comment stays', () => {
  const exported = `[mcp_servers.a]
enabled_tools = ["read", "write"]
default_tools_approval_mode = "prompt"
[mcp_servers.a.tools.read]
approval_mode = "prompt"
[mcp_servers.a.tools."w r"]
approval_mode = "prompt"
`;
  const merged = policyOf('codex').merge(CONFIG, exported, ['a']);
  expect(merged).toBe(`# mine
model = "x" # why

[mcp_servers.a]
command = "npx" # run
enabled_tools = [ "read", "write" ] # tools
args = ["-y",
  "a"]
default_tools_approval_mode = "prompt"

# other
[mcp_servers.b]
url = "https://h"
[mcp_servers.a.tools.read]
approval_mode = "prompt"
note = 1
[profiles.p]
x = [ 1, 2 ]

[mcp_servers.a.tools."w r"]
approval_mode = "prompt"
`);
  expect(policyOf('codex').merge(merged, exported, ['a'])).toBe(merged);
});

test('Zed: what is stricter stays, and nothing old lets through what the policy does not allow', () => {
  const text = `{
  // mine
  "theme": "One",
  "agent": { "tool_permissions": { "default": "deny", "tools": {
    "terminal": { "default": "allow", "always_allow": [{ "pattern": "^ls" }] },
    "mcp:a:read": { "default": "deny" },
    "mcp:a:run": { "default": "allow", "always_allow": [{ "pattern": ".*" }] },
    "mcp:a:gone": { "default": "allow" },
    "mcp:b:run": { "default": "allow" },
  } } },
}
`;
  const rule = (word: string) => ({ default: word });
  const exported = {
    agent: {
      tool_permissions: {
        default: 'confirm',
        tools: { 'mcp:a:read': rule('allow'), 'mcp:a:run': rule('confirm'), 'mcp:a:drop': rule('deny') },
      },
    },
  };
  const merged = policyOf('zed').merge(text, JSON.stringify(exported), ['a']);
  expect(merged).toContain('// mine');
  expect(parse(merged, [], { allowTrailingComma: true })).toEqual({
    theme: 'One',
    agent: {
      tool_permissions: {
        default: 'deny',
        tools: {
          terminal: { default: 'allow', always_allow: [{ pattern: '^ls' }] },
          'mcp:a:read': rule('deny'),
          'mcp:a:run': { default: 'confirm', always_allow: [] },
          'mcp:a:gone': rule('confirm'),
          'mcp:b:run': rule('allow'),
          'mcp:a:drop': rule('deny'),
        },
      },
    },
  });
  expect(policyOf('zed').merge(merged, JSON.stringify(exported), ['a'])).toBe(merged);
  expect(JSON.parse(policyOf('zed').merge('', JSON.stringify(exported), ['a']))).toEqual(exported);
  expect(() => policyOf('zed').merge('[', JSON.stringify(exported), ['a'])).toThrow(/valid JSON/);
});

test.each([
  'mcp_servers = { a = { command = "npx" } }\n',
  'mcp_servers.a.command = "npx"\n',
  '[mcp_servers]\na = { command = "npx" }\n',
  '[mcp_servers]\na.command = "npx"\n',
  '[mcp_servers.a\n',
])('what is written inline, or broken, is not edited: %s', (text) => {
  expect(() => mergeToml(text, [{ path: ['mcp_servers', 'a'], keys: { x: 1 } }])).toThrow(/inline|not valid/);
});

test('names that would be read as something else have no label', () => {
  expect(policyOf('claude-code').label('my server')).toBe('my_server');
  for (const [id, name] of [
    ['claude-code', 'a__b'],
    ['claude-code', 'a_'],
    ['cursor', 'a:b'],
    ['cursor', '*'],
    ['vscode', 'a/b'],
    ['zed', 'a:b'],
    ['gemini', 'mcp'],
    ['gemini', 'a'.repeat(26)],
    ['codex', 'a b'],
  ] as const)
    expect(policyOf(id).label(name), `${id} ${name}`).toBeUndefined();
});
