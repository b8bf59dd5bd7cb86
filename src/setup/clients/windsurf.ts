import type { Client } from '../client.ts';
import { inHome } from '../places.ts';
import { serversAt } from '../shapes.ts';

/** Windsurf: https://docs.windsurf.com/windsurf/cascade/mcp. No format of ours is read by it. */
export default {
  id: 'windsurf',
  title: 'Windsurf',
  endings: ['mcp_config.json'],
  places: (around) =>
    ['windsurf', 'windsurf-next', ''].map((edition) => ({
      path: inHome(around, '.codeium', edition, 'mcp_config.json'),
      scope: 'user',
    })),
  servers: (root) => serversAt(root, ['mcpServers']),
} satisfies Client;
