import type { Client } from '../client.ts';
import { field, type Node } from '../node.ts';
import { inAppData, inConfig, inWorkspace } from '../places.ts';
import { serversAt, startOf } from '../shapes.ts';

/** A server that an extension of Zed brings has settings only. */
function start(node: Node) {
  const found = startOf(node);
  const brought = found.kind === 'neither' && (field(node, 'settings') || field(node, 'source')?.value === 'extension');
  return brought ? { ...found, why: 'An extension of Zed starts it; the configuration does not say how.' } : found;
}

/** Zed: https://zed.dev/docs/ai/mcp. Its settings, `context_servers`. */
export default {
  id: 'zed',
  title: 'Zed',
  endings: ['.zed/settings.json', 'zed/settings.json', 'Zed/settings.json'],
  places: (around) => [
    {
      path:
        around.platform === 'win32'
          ? inAppData(around, 'Zed', 'settings.json')
          : inConfig(around, 'zed', 'settings.json'),
      scope: 'user',
    },
    { path: inWorkspace(around, '.zed', 'settings.json'), scope: 'workspace' },
  ],
  servers: (root) => serversAt(root, ['context_servers'], start),
} satisfies Client;
