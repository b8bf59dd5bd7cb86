import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ErrorCode,
  ListRootsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { JsonObject } from '#domain/tool.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { Limits } from './limits.ts';
import { readFacts } from './tools.ts';
import type { StdioTransport } from './transport.ts';

/** The SDK's own schema would let one malformed tool fail the whole list, and drop fields that it does not know. */
const Page = z.looseObject({
  tools: z.array(z.unknown()).catch([]),
  nextCursor: z.string().optional().catch(undefined),
});

export interface Heard {
  readonly listed: readonly unknown[];
  readonly protocolVersion: string;
  readonly serverInfo?: JsonObject;
  readonly capabilities?: JsonObject;
  readonly instructions?: string;
  /** Why the list was cut off, where it was. */
  readonly cut?: 'too-many-pages' | 'repeated-cursor' | 'too-many-tools';
}

/** Which part of a conversation failed, and how. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly phase: 'handshake' | 'list';
  readonly reason: 'timeout' | 'protocol' | 'closed';

  constructor(phase: 'handshake' | 'list', reason: 'timeout' | 'protocol' | 'closed', message: string) {
    super(message);
    this.phase = phase;
    this.reason = reason;
  }
}

function broken(phase: 'handshake' | 'list', error: unknown, transport: StdioTransport): Broken {
  // A server may answer with the codes that the SDK uses for itself.
  const late = error instanceof McpError && error.code === ErrorCode.RequestTimeout && Object(error.data).timeout > 0;
  const reason = transport.gone() ? 'closed' : late ? 'timeout' : 'protocol';
  return new Broken(phase, reason, error instanceof Error ? error.message : String(error));
}

/**
 * Handshake, then every page of the tool list. Declares what a full client can do, because some tools show only then,
 * and refuses when asked to do it. Rejects with `Broken`.
 */
export async function converse(transport: StdioTransport, limits: Limits): Promise<Heard> {
  const client = new Client(
    { name: 'plimsoll', version: manifest.version },
    { capabilities: { roots: {}, sampling: {}, elicitation: {} } },
  );
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [] }));
  client.setRequestHandler(CreateMessageRequestSchema, () => {
    throw new McpError(ErrorCode.InvalidRequest, 'This client only lists tools.');
  });
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' as const }));
  try {
    await client.connect(transport, { timeout: limits.init });
  } catch (error) {
    throw broken('handshake', error, transport);
  }
  const listed: unknown[] = [];
  let cut: Heard['cut'];
  if (client.getServerCapabilities()?.tools) {
    const deadline = Date.now() + limits.list;
    const cursors = new Set<string>();
    let cursor: string | undefined;
    for (let pages = 1; ; pages++) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Broken('list', 'timeout', `the list was not complete after ${limits.list} ms`);
      let page: z.infer<typeof Page>;
      try {
        const params = cursor === undefined ? {} : { cursor };
        page = await client.request({ method: 'tools/list', params }, Page, { timeout: left });
      } catch (error) {
        throw broken('list', error, transport);
      }
      listed.push(...page.tools.slice(0, limits.tools + 1 - listed.length));
      cursor = page.nextCursor;
      if (!cursor) break;
      if (listed.length > limits.tools) cut = 'too-many-tools';
      else if (cursors.has(cursor)) cut = 'repeated-cursor';
      else if (pages >= limits.pages) cut = 'too-many-pages';
      if (cut) break;
      cursors.add(cursor);
    }
  }
  const serverInfo = readFacts(client.getServerVersion(), limits);
  const capabilities = readFacts(client.getServerCapabilities(), limits);
  const instructions = client.getInstructions()?.slice(0, limits.factBytes).toWellFormed();
  return {
    listed,
    protocolVersion: transport.protocolVersion() ?? 'unknown',
    ...(serverInfo && { serverInfo }),
    ...(capabilities && { capabilities }),
    ...(instructions !== undefined && { instructions }),
    ...(cut && { cut }),
  };
}
