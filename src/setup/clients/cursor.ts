import { dirname } from 'node:path';
import type { Client } from '../client.ts';
import { inHome, inWorkspace, join } from '../places.ts';
import { serversAt } from '../shapes.ts';

/** Cursor: https://cursor.com/docs/context/mcp. Its permissions lie beside. */
export default {
  id: 'cursor',
  title: 'Cursor',
  endings: ['.cursor/mcp.json'],
  places: (around) => [
    { path: inHome(around, '.cursor', 'mcp.json'), scope: 'user' },
    { path: inWorkspace(around, '.cursor', 'mcp.json'), scope: 'workspace' },
  ],
  servers: (root) => serversAt(root, ['mcpServers']),
  policy: ({ path }, around) => ({ format: 'cursor', path: join(around, dirname(path), 'permissions.json') }),
} satisfies Client;
