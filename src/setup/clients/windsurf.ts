import type { Client } from '../client.ts';
import { inHome } from '../places.ts';
import { serversAt } from '../shapes.ts';

/** Windsurf: https://docs.windsurf.com/windsurf/cascade/mcp. No file of it is documented to hold a policy. */
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
  unruled: 'tools are switched on and off on its own settings page, and no file is documented to hold that',
} satisfies Client;
