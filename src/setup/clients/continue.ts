import type { Client } from '../client.ts';
import { field, type Node } from '../node.ts';
import { inHome, inWorkspace, join } from '../places.ts';
import { serversAt, serversListed, startOf } from '../shapes.ts';

const BLOCKS = '*.{yaml,yml,json}';

/** In its older configuration, how a server is reached stood one level further down. */
function older(node: Node) {
  return startOf(field(node, 'transport') ?? node);
}

/**
 * Continue: https://docs.continue.dev/customize/deep-dives/mcp. `config.yaml`, the older `config.json`, and blocks in a
 * folder, which may also be the JSON of other clients. No file of it holds a policy for tools of servers.
 */
export default {
  id: 'continue',
  title: 'Continue',
  endings: ['.continue/config.yaml', '.continue/config.json', '.yaml', '.yml'],
  places: (around) => {
    const home = around.env.CONTINUE_GLOBAL_DIR || inHome(around, '.continue');
    return [
      { path: join(around, home, 'config.yaml'), scope: 'user' },
      { path: join(around, home, 'config.json'), scope: 'user' },
      { path: join(around, home, 'mcpServers'), scope: 'user', glob: BLOCKS },
      { path: inWorkspace(around, '.continue', 'mcpServers'), scope: 'workspace', glob: BLOCKS },
    ];
  },
  servers: (root) => [
    ...serversListed(root, ['mcpServers']),
    ...serversAt(root, ['mcpServers']),
    ...serversListed(root, ['experimental', 'modelContextProtocolServers'], older),
  ],
  unruled:
    'its editors keep what tools may do to themselves, and the permissions.yaml of its command line names tools without their servers',
} satisfies Client;
