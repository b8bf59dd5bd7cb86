import type { Client } from '../client.ts';
import { inAppData, inHome, join } from '../places.ts';
import { serversAt } from '../shapes.ts';

const FILE = 'claude_desktop_config.json';

/** Claude Desktop: https://modelcontextprotocol.io/docs/develop/connect-local-servers. No file of it holds a policy. */
export default {
  id: 'claude-desktop',
  title: 'Claude Desktop',
  endings: [FILE],
  places: (around) => [
    { path: inAppData(around, 'Claude', FILE), scope: 'user' },
    // What comes from the store of Windows sees a folder of its own in place of %APPDATA%.
    ...(around.platform === 'win32'
      ? [
          {
            path: join(around, around.env.LOCALAPPDATA || inHome(around, 'AppData', 'Local'), 'Packages'),
            scope: 'user' as const,
            glob: `Claude_*/LocalCache/Roaming/Claude/${FILE}`,
          },
        ]
      : []),
  ],
  servers: (root) => serversAt(root, ['mcpServers']),
  unruled: 'tools are allowed one by one in its own settings, and no file is documented to hold that',
} satisfies Client;
