import type { JsonObject, ToolDefinition } from '#domain/tool.ts';
import type { Limits } from '../limits.ts';
import { readFacts, readTools } from '../tools.ts';

/**
 * What a server's card says of it. The publisher wrote that, the server did not list it: its tools are `static`, as those
 * of a manifest are.
 */
export interface Card {
  readonly url: string;
  readonly serverInfo?: JsonObject;
  readonly tools: readonly ToolDefinition[];
}

/** Where cards are: beside the endpoint (SEP-2127), and where its drafts had them. */
const places = (url: URL): readonly URL[] => [
  new URL(`${url.pathname.replace(/\/+$/, '')}/server-card`, url),
  new URL('/.well-known/mcp/server-card.json', url),
  new URL('/.well-known/mcp.json', url),
];

/** The first card that is offered for the server at `url`; undefined where there is none. Never rejects. */
export async function cardOf(url: URL, fetch: typeof globalThis.fetch, limits: Limits): Promise<Card | undefined> {
  for (const place of places(url)) {
    const card = await fetch(place, { headers: { accept: 'application/json' } })
      .then((response) => (response.ok ? response.json() : undefined))
      .catch(() => undefined);
    const read = readCard(card, place, url, limits);
    if (read) return read;
  }
  return undefined;
}

function readCard(card: unknown, place: URL, url: URL, limits: Limits): Card | undefined {
  if (typeof card !== 'object' || card === null || Array.isArray(card)) return undefined;
  const said = card as Record<string, unknown>;
  // A host may have several servers, and a card for another of them.
  const endpoints = endpointsIn(said, url);
  if (endpoints.length > 0 && !endpoints.includes(bare(url))) return undefined;
  const { name, version } = said;
  const serverInfo = readFacts(
    said.serverInfo ??
      (typeof name === 'string' ? { name, ...(typeof version === 'string' && { version }) } : undefined),
    limits,
  );
  const { tools } = readTools(Array.isArray(said.tools) ? said.tools : [], limits);
  if (!serverInfo && tools.length === 0) return undefined;
  return { url: place.href, ...(serverInfo && { serverInfo }), tools };
}

/** The addresses that a card gives for its server, in any of its drafts' ways. */
function endpointsIn(card: Record<string, unknown>, url: URL): readonly string[] {
  const parts = [card, card.transport, card.remotes, card.transports, card.endpoints].flat();
  return parts.flatMap((part) => {
    if (typeof part !== 'object' || part === null) return [];
    const { url: address, endpoint } = part as Record<string, unknown>;
    return [address, endpoint].flatMap((one) =>
      typeof one === 'string' && URL.canParse(one, url.href) ? [bare(new URL(one, url))] : [],
    );
  });
}

function bare(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
