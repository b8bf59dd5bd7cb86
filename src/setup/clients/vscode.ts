import { dirname } from 'node:path';
import type { Client, ConfigPlace } from '../client.ts';
import { mergeJson } from '../edit/json.ts';
import { inAppData, inWorkspace, join } from '../places.ts';
import { serversAt } from '../shapes.ts';

const EDITIONS = ['Code', 'Code - Insiders'];

/**
 * VS Code: https://code.visualstudio.com/docs/copilot/reference/mcp-configuration. `mcp.json` of the user, of each of the
 * user's profiles and of a workspace; before it had a file of its own, the same lay under `mcp` in settings.
 */
export default {
  id: 'vscode',
  title: 'VS Code',
  endings: ['.vscode/mcp.json', '.vscode/settings.json', 'User/mcp.json', 'User/settings.json'],
  places: (around) => [
    ...EDITIONS.flatMap((edition): readonly ConfigPlace[] => [
      { path: inAppData(around, edition, 'User', 'mcp.json'), scope: 'user' },
      { path: inAppData(around, edition, 'User', 'settings.json'), scope: 'user' },
      { path: inAppData(around, edition, 'User', 'profiles'), scope: 'user', glob: '*/mcp.json' },
    ]),
    { path: inWorkspace(around, '.vscode', 'mcp.json'), scope: 'workspace' },
    { path: inWorkspace(around, '.vscode', 'settings.json'), scope: 'workspace' },
  ],
  servers: (root) => [...serversAt(root, ['servers']), ...serversAt(root, ['mcp', 'servers'])],
  policy: {
    format: 'vscode',
    place: ({ path }, around) => join(around, dirname(path), 'settings.json'),
    label: (name) => (/^[^/*\s]+$/.test(name) ? name : undefined),
    merge: (text, exported) => mergeJson(text, JSON.parse(exported)),
  },
} satisfies Client;
