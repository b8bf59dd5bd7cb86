import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { cli } from '../../support/cli.ts';
import { person } from '../../support/setup.ts';

const SERVERS = {
  memory: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-memory'] },
  files: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem', '/home/somebody/documents'] },
  thinking: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-sequential-thinking'] },
};
const CODEX = `# mine
model = "gpt-5"

[mcp_servers.memory]
command = "npx" # as everybody
args = ["-y", "@modelcontextprotocol/server-memory"]

[mcp_servers.files]
command = "npx"
args = ["-y", "@modelcontextprotocol/server-filesystem", "/home/somebody/documents"]

[mcp_servers.thinking]
command = "npx"
args = ["-y", "@modelcontextprotocol/server-sequential-thinking"]
`;

test('three real servers of three clients are listed in the sandbox, locked, and ruled', async () => {
  using me = person();
  me.put('home/.claude.json', { numStartups: 7, mcpServers: SERVERS });
  me.put('home/.cursor/mcp.json', { mcpServers: SERVERS });
  me.put('home/.codex/config.toml', CODEX);
  const { home, workspace } = me.around;
  const lockFile = join(workspace, 'plimsoll.lock');
  const env = { ...me.env, HOME: home };
  const scan = (...more: readonly string[]) => cli(['scan', '--json', '--lock-file', lockFile, ...more], env);

  const ran = await scan('--lock', '--write');
  expect(ran.code, ran.err).toBe(0);
  const { clients, sandbox } = JSON.parse(ran.out);
  expect(sandbox).not.toBe('none');
  expect(clients.map(({ client }: { client: string }) => client)).toEqual(['claude-code', 'codex', 'cursor']);
  for (const { servers } of clients)
    for (const server of servers) {
      expect(server, JSON.stringify(server.attempts)).toMatchObject({ outcome: 'listed', pinned: false });
      expect(server.tools.length).toBeGreaterThan(0);
    }

  const read = (path: string) => readFileSync(join(home, path), 'utf8');
  const claude = JSON.parse(read('.claude/settings.json'));
  expect(claude.permissions.ask).toContain('mcp__memory__delete_entities');
  expect(claude.permissions.allow).toContain('mcp__memory__read_graph');
  const cursor = JSON.parse(read('.cursor/permissions.json'));
  expect(cursor.mcpAllowlist).toContain('memory:read_graph');
  expect(cursor.mcpAllowlist).not.toContain('memory:delete_entities');
  const toml = read('.codex/config.toml');
  expect(toml).toContain('command = "npx" # as everybody');
  expect(parse(toml)).toMatchObject({
    model: 'gpt-5',
    mcp_servers: {
      memory: {
        command: 'npx',
        tools: { delete_entities: { approval_mode: 'prompt' }, read_graph: { approval_mode: 'approve' } },
      },
    },
  });

  const again = await scan('--frozen', '--write');
  expect(again.code, again.err).toBe(0);
  expect(again.err.match(/nothing changes/g)).toHaveLength(3);
});
