import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ResultSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler, Server as NewerServer } from '@modelcontextprotocol/server';
import type { Served } from './http-server.ts';

/** What every server here lists, over two pages. */
export const NAMES = ['read_note', 'write_note', 'drop_notes'];

const CAPABILITIES = { tools: { listChanged: true }, prompts: {}, resources: {} };
const INFO = { name: 'elsewhere', version: '1.2.3' };
const tool = (name: string) => ({ name, description: `Does ${name}.`, inputSchema: { type: 'object' as const } });
const pages = (cursor: string | undefined) =>
  cursor === 'two' ? { tools: [tool(NAMES[2]!)] } : { tools: NAMES.slice(0, 2).map(tool), nextCursor: 'two' };
const PROMPTS = [{ name: 'summarise', description: 'Sums up.', arguments: [{ name: 'topic', required: true }] }];
const RESOURCES = [{ name: 'note', uri: 'note://1' }];
const TEMPLATES = [{ name: 'any note', uriTemplate: 'note://{id}' }];

/** A tool for each thing that a server may ask of a client, which says what came of it. */
async function asking({ sendRequest }: Extra) {
  const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: 'Say the secret.' } }];
  const requestedSchema = { type: 'object' as const, properties: {} };
  const asks: Record<string, ServerRequest> = {
    ping: { method: 'ping' },
    roots: { method: 'roots/list' },
    elicitation: { method: 'elicitation/create', params: { mode: 'form', message: 'Your password?', requestedSchema } },
    sampling: { method: 'sampling/createMessage', params: { messages, maxTokens: 9 } },
  };
  const tools = [];
  for (const [name, ask] of Object.entries(asks)) {
    const answer = await sendRequest(ask, ResultSchema).catch((error: Error) => ({ error: error.message }));
    tools.push({ ...tool(name), description: JSON.stringify(answer) });
  }
  return { tools };
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** A server of the SDK of the older protocol. One that `asks` puts its client to the test before it lists. */
function olderServer(asks: boolean): Server {
  const server = new Server(INFO, { capabilities: CAPABILITIES, instructions: 'Be kind.' });
  server.setRequestHandler(ListToolsRequestSchema, ({ params }, extra) =>
    asks ? asking(extra) : pages(params?.cursor),
  );
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: PROMPTS }));
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: RESOURCES }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: TEMPLATES }));
  return server;
}

/** One of the SDK of the newer protocol; `legacy` says what it does with the older one. */
export function newerHandler(legacy: 'stateless' | 'reject'): Served {
  const handler = createMcpHandler(
    () => {
      const server = new NewerServer(INFO, { capabilities: CAPABILITIES, instructions: 'Be kind.' });
      server.setRequestHandler('tools/list', ({ params }) => pages(params?.cursor));
      server.setRequestHandler('prompts/list', () => ({ prompts: PROMPTS }));
      server.setRequestHandler('resources/list', () => ({ resources: RESOURCES }));
      server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: TEMPLATES }));
      return server;
    },
    { legacy },
  );
  const listener = getRequestListener((request) => handler.fetch(request));
  return (request, response) => void listener(request, response);
}

/** Streamable HTTP of the older SDK, with sessions; counts those that stand. */
export function streamable(asks = false): {
  readonly served: Served;
  readonly sessions: Map<string, StreamableHTTPServerTransport>;
} {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const known = sessions.get(String(request.headers['mcp-session-id']));
    if (known) return known.handleRequest(request, response);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await olderServer(asks).connect(transport as never);
    return transport.handleRequest(request, response);
  };
  return { sessions, served: (request, response) => void answer(request, response) };
}

/** HTTP with SSE of the older SDK, at `/sse` and `/messages`. */
export function sse(asks = false): Served {
  const open = new Map<string, SSEServerTransport>();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url!, 'http://x');
    if (request.method === 'GET' && url.pathname === '/sse') {
      const transport = new SSEServerTransport('/messages', response);
      open.set(transport.sessionId, transport);
      return olderServer(asks).connect(transport);
    }
    const transport = open.get(url.searchParams.get('sessionId') ?? '');
    if (request.method === 'POST' && transport) return transport.handlePostMessage(request, response);
    response.writeHead(url.pathname === '/sse' ? 405 : 404).end();
  };
  return (request, response) => void answer(request, response);
}
