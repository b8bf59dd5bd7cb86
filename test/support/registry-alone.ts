import { mcpPackage } from './mcp-package.ts';
import { npmRegistry } from './npm-registry.ts';

/** A registry of npm as a program, for containers: `node registry-alone.ts HOST PORT`. It has three of the servers that a first crawl visits. */
const [host, port] = process.argv.slice(2);
const registry = await npmRegistry({ at: { host: host!, port: Number(port) } });
const tools = [
  { name: 'read_thing', description: 'Reads a thing.', annotations: { readOnlyHint: true } },
  { name: 'delete_thing', description: 'Deletes a thing for good.' },
];
for (const name of ['everything', 'filesystem', 'memory'])
  registry.publish(mcpPackage(`@modelcontextprotocol/server-${name}`, tools));
process.on('SIGTERM', () => process.exit(0));
