import { dirname } from 'node:path';
import type { Client } from '../client.ts';
import { mergeJson } from '../edit/json.ts';
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
  policy: {
    format: 'cursor',
    place: ({ path }, around) => join(around, dirname(path), 'permissions.json'),
    label: (name) => (/^[^:*,\s]+$/.test(name) ? name : undefined),
    merge(text, exported, labels) {
      const { mcpAllowlist } = JSON.parse(exported) as { mcpAllowlist: readonly string[] };
      // The list can only allow: what it allows of these servers and the policy does not has to go.
      const opens = (one: unknown) =>
        typeof one === 'string' && !mcpAllowlist.includes(one) && labels.some((label) => one.startsWith(`${label}:`));
      return mergeJson(text, { mcpAllowlist }, { drops: (_, element) => opens(element) });
    },
  },
} satisfies Client;
