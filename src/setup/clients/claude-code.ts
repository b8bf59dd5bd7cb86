import { dirname } from 'node:path';
import type { Client } from '../client.ts';
import { mergeJson } from '../edit/json.ts';
import { field } from '../node.ts';
import { type Around, inHome, inWorkspace, join } from '../places.ts';
import { serversAt } from '../shapes.ts';

/** Modes that answer in the user's place. */
const OPEN_MODES = ['bypassPermissions', 'auto'];

/** What an administrator gives everybody on the machine. */
function managed(around: Around): string {
  const { platform, env } = around;
  if (platform === 'win32')
    return join(around, env.ProgramFiles || 'C:\\Program Files', 'ClaudeCode', 'managed-mcp.json');
  if (platform === 'darwin') return '/Library/Application Support/ClaudeCode/managed-mcp.json';
  return '/etc/claude-code/managed-mcp.json';
}

/**
 * Claude Code: https://code.claude.com/docs/en/mcp. Servers of the user stand at the top of its file of state, those of
 * the user in one project under that project's path there, and those of a project in the project.
 */
export default {
  id: 'claude-code',
  title: 'Claude Code',
  endings: ['.mcp.json', '.claude.json', 'managed-mcp.json'],
  places: (around) => [
    { path: join(around, around.env.CLAUDE_CONFIG_DIR || around.home, '.claude.json'), scope: 'user' },
    { path: managed(around), scope: 'user' },
    { path: inWorkspace(around, '.mcp.json'), scope: 'workspace' },
  ],
  servers: (root) => [
    ...serversAt(root, ['mcpServers']),
    ...[...(field(root, 'projects')?.fields?.keys() ?? [])].flatMap((project) =>
      serversAt(root, ['projects', project, 'mcpServers'], undefined, project),
    ),
  ],
  policy: {
    format: 'claude-code',
    place: ({ path, scope }, around) =>
      scope === 'user'
        ? join(around, around.env.CLAUDE_CONFIG_DIR || inHome(around, '.claude'), 'settings.json')
        : join(around, dirname(path), '.claude', 'settings.json'),
    label(name) {
      const label = name.replace(/[^A-Za-z0-9_-]/g, '_');
      // Claude Code ends a server's name at the first two underscores.
      return label.includes('__') || label.endsWith('_') ? undefined : label;
    },
    // Denying goes before asking, and that before allowing: to add is never to open.
    merge: (text, exported) =>
      mergeJson(text, JSON.parse(exported), {
        keeps: ([key, inner], present) =>
          (key === '$schema' && present !== undefined) ||
          (inner === 'defaultMode' && typeof present === 'string' && !OPEN_MODES.includes(present)),
      }),
  },
} satisfies Client;
