import type { Client } from '../client.ts';
import { mergeJson } from '../edit/json.ts';
import { type Around, inHome, inWorkspace, join } from '../places.ts';
import { serversAt } from '../shapes.ts';

function system(around: Around): string {
  const { platform, env } = around;
  if (env.GEMINI_CLI_SYSTEM_SETTINGS_PATH) return env.GEMINI_CLI_SYSTEM_SETTINGS_PATH;
  if (platform === 'win32') return join(around, env.ProgramData || 'C:\\ProgramData', 'gemini-cli', 'settings.json');
  if (platform === 'darwin') return '/Library/Application Support/GeminiCli/settings.json';
  return '/etc/gemini-cli/settings.json';
}

/**
 * Gemini CLI: https://github.com/google-gemini/gemini-cli, docs/tools/mcp-server.md. Settings of the machine, the user and
 * the workspace, and the manifests of extensions. Of its two formats of policies the one of settings is taken: it bears
 * on the same file, and stays with a workspace.
 */
export default {
  id: 'gemini',
  title: 'Gemini CLI',
  endings: ['.gemini/settings.json', 'gemini-cli/settings.json', 'GeminiCli/settings.json', 'gemini-extension.json'],
  places: (around) => [
    { path: system(around), scope: 'user' },
    { path: inHome(around, '.gemini', 'settings.json'), scope: 'user' },
    { path: inHome(around, '.gemini', 'extensions'), scope: 'user', glob: '*/gemini-extension.json' },
    { path: inWorkspace(around, '.gemini', 'settings.json'), scope: 'workspace' },
  ],
  servers: (root) => serversAt(root, ['mcpServers']),
  policy: {
    format: 'gemini',
    // What an extension brings is not the user's to edit: the next update would write over it.
    place: ({ path }) => (path.endsWith('settings.json') ? path : undefined),
    // What Gemini CLI shortens, or takes for a name of its own making, no rule would find.
    label: (name) => (name.length <= 25 && name !== 'mcp' && /^[\w.-]+$/.test(name) ? name : undefined),
    merge: (text, exported) =>
      mergeJson(text, JSON.parse(exported), { replaces: (path) => path.at(-1) === 'includeTools' }),
  },
} satisfies Client;
