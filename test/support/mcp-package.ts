import type { Publish } from './npm-registry.ts';

/** A small MCP server without dependencies, as an npm package: it answers initialize and tools/list over stdio. */
export function mcpPackage(
  name: string,
  tools: readonly { readonly name: string; readonly description?: string; readonly [field: string]: unknown }[],
  options: { readonly version?: string; readonly startMs?: number; readonly manifest?: object } = {},
): Publish {
  const list = tools.map((tool) => ({ inputSchema: { type: 'object' }, ...tool }));
  return {
    name,
    version: options.version ?? '1.0.0',
    manifest: {
      type: 'module',
      bin: { [name.split('/').at(-1)!]: 'index.js' },
      keywords: ['mcp-server'],
      description: `Fixture ${name}`,
      license: 'MIT',
      ...options.manifest,
    },
    files: {
      'index.js': `#!/usr/bin/env node
import { createInterface } from 'node:readline';
await new Promise((resolve) => setTimeout(resolve, ${options.startMs ?? 0}));
const tools = ${JSON.stringify(list)};
const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize')
    say({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: ${JSON.stringify(name)}, version: '1' } } });
  else if (method === 'tools/list') say({ id, result: { tools } });
  else if (id !== undefined) say({ id, error: { code: -32601, message: 'unknown method' } });
}
`,
    },
  };
}
