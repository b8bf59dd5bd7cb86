import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { definitionFingerprint } from '#core/definition.ts';
import type { Policy } from '#domain/policy.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { checker } from '#recommend/check.ts';

/**
 * A gateway in the small: stands between a client and a server, and lets through what a policy lets through. Whoever is
 * to approve is asked by elicitation. Returns the client's end of the wire.
 */
export async function proxy(policy: Policy, upstream: Transport, clock: () => number): Promise<Transport> {
  const behind = new Client({ name: 'proxy', version: '0' });
  await behind.connect(upstream);
  const front = new Server({ name: 'proxy', version: '0' }, { capabilities: { tools: {} } });
  const check = checker(policy);
  const { tools } = await behind.listTools();
  const prints = new Map(tools.map((tool) => [tool.name, definitionFingerprint(tool as unknown as ToolDefinition)]));

  front.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.filter(({ name }) => !policy.hide.includes(name)),
  }));
  front.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: args = {} } }) => {
    const { outcome, rule, reason } = check({
      tool: name,
      args: args as never,
      at: clock(),
      grant: 'test',
      session: 'test',
      definition: prints.get(name),
    });
    if (outcome === 'denied' || outcome === 'limited')
      throw new McpError(ErrorCode.InvalidRequest, `${outcome} by ${rule}: ${reason}`);
    if (outcome === 'needs approval') {
      const message = `${name} ${JSON.stringify(args)}`;
      const answer = await front.elicitInput({ message, requestedSchema: { type: 'object', properties: {} } });
      if (answer.action !== 'accept') throw new McpError(ErrorCode.InvalidRequest, `not approved: ${rule}`);
    }
    return (await behind.callTool({ name, arguments: args })) as CallToolResult;
  });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await front.connect(ours);
  return theirs;
}
