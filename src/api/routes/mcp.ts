import { isIP } from 'node:net';
import type { OpenAPIHono } from '@hono/zod-openapi';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import type { Catalogue } from '#publish/catalogue.ts';
import { answersOf, mcpServer } from '../mcp/server.ts';
import checkSetup from '../mcp/tools/check-setup.ts';
import { problem } from '../problem.ts';

/** Messages in one request of the older protocol, which may send several. */
const MOST = 20;
/** Points beyond those that any request costs: as searches and setups cost where they are asked for by address. */
const POINTS = { call: 4, setup: 19 };

export interface McpSettings {
  readonly publicUrl?: string | undefined;
  /** The address that is listened on. */
  readonly host?: string | undefined;
  readonly onFailure?: ((error: Error, path: string) => void) | undefined;
}

/**
 * Mounts the catalogue as an MCP server on /mcp: Streamable HTTP, without sessions, for clients of both protocol eras.
 * Answers under names of its own only, so that no page of another site reaches a catalogue on its reader's machine
 * (DNS rebinding).
 */
export function mountMcp(app: OpenAPIHono, catalogue: Catalogue, { publicUrl, host, onFailure }: McpSettings): void {
  const own = [publicUrl === undefined ? undefined : new URL(publicUrl).hostname, host].filter(
    (one) => one !== undefined,
  );
  const hosts = [...localhostAllowedHostnames(), ...own];
  const origins = [...localhostAllowedOrigins(), ...own];
  const answers = answersOf(catalogue);
  const handler = createMcpHandler(() => mcpServer(answers, (error, tool) => onFailure?.(error, `/mcp ${tool}`)), {
    // Nothing is ever announced.
    maxSubscriptions: 0,
  });
  app.post('/mcp', async (c) => {
    const { raw } = c.req;
    const refused =
      (isLiteral(raw.headers.get('host')) ? undefined : hostHeaderValidationResponse(raw, hosts)) ??
      originValidationResponse(raw, origins);
    if (refused) return uncached(refused);
    const body = parsed(await c.req.text());
    const messages = [body].flat();
    if (messages.length > MOST) throw problem('too-large', `At most ${MOST} messages fit one request.`);
    const left = await c.get('spend')?.(messages.reduce((sum: number, one) => sum + pointsOf(one), 0));
    if (left) return left;
    return uncached(await handler.fetch(raw, body === undefined ? {} : { parsedBody: body }));
  });
}

/** An address of numbers is nobody's name: no page can be made to stand under it that does not. */
function isLiteral(host: string | null): boolean {
  return isIP((host ?? '').replace(/^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/, '$1$2')) !== 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw problem('bad-body', 'Send a JSON-RPC message.');
  }
}

function pointsOf(message: unknown): number {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: { name?: unknown } };
  if (method !== 'tools/call') return 0;
  return params?.name === checkSetup.name ? POINTS.setup : POINTS.call;
}

function uncached(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set('Cache-Control', 'no-store');
  return new Response(response.body, { status: response.status, headers });
}
