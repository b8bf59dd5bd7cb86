import type { Client } from '../client.ts';
import { inAppData } from '../places.ts';
import { serversAt } from '../shapes.ts';

const FILE = 'claude_desktop_config.json';

/** Claude Desktop: https://modelcontextprotocol.io/docs/develop/connect-local-servers. No file of it holds a policy. */
export default {
  id: 'claude-desktop',
  title: 'Claude Desktop',
  endings: [FILE],
  places: (around) => [{ path: inAppData(around, 'Claude', FILE), scope: 'user' }],
  servers: (root) => serversAt(root, ['mcpServers']),
} satisfies Client;
