import type { Client } from '../client.ts';
import type { Node } from '../node.ts';
import { inWorkspace } from '../places.ts';
import { type Found, serversAt, serversListed } from '../shapes.ts';

/** The keys under which clients have their servers. */
const KEYS = [['mcpServers'], ['servers'], ['context_servers'], ['mcp_servers'], ['mcp', 'servers']] as const;

/** A file that is nothing but servers by name. */
function bare(root: Node): readonly Found[] {
  return serversAt(root, []).filter(({ start }) => start.kind !== 'neither');
}

/** An `mcp.json` of nobody's in particular, in the shape of any client. */
export default {
  id: 'plain',
  title: 'mcp.json',
  endings: ['mcp.json', ''],
  places: (around) => [{ path: inWorkspace(around, 'mcp.json'), scope: 'workspace' }],
  servers: (root) => {
    const found = KEYS.flatMap((path) => [...serversAt(root, path), ...serversListed(root, path)]);
    return found.length > 0 ? found : bare(root);
  },
  unruled: 'the file belongs to no client that we know',
} satisfies Client;
