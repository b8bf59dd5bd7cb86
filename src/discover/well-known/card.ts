import { z } from 'zod';
import type { RemoteRef, Sighting } from '#domain/server.ts';
import { dropped, sightingOf } from '../found.ts';
import { modernised, remotesOf } from '../server-json.ts';
import { loose, Remote } from '../server-json-package.ts';
import type { Dropped } from '../source.ts';
import { Text, textOf, Web } from '../texts.ts';

/** A card of SEP-2127, or of the drafts before it (SEP-1649), which had its parts elsewhere. */
const Card = z.object({
  name: Text,
  title: Text,
  description: Text,
  websiteUrl: Web,
  remotes: loose(Remote),
  serverInfo: z.object({ name: Text, title: Text }).optional().catch(undefined),
  transport: z.unknown().optional(),
  transports: z.array(z.unknown()).catch([]),
  endpoint: Text,
  url: Text,
});

const Way = z.object({ type: Text, url: Text, endpoint: Text });

/**
 * A server card that lay at `at` as a sighting. Who holds the host has proven it by that, and no more: of what the card
 * says, addresses of other hosts and repositories are left out, since anyone may write any of them into a card.
 */
export function mapServerCard(record: unknown, at: URL): Sighting | Dropped {
  const { data } = Card.safeParse(modernised(record));
  const name = textOf(data?.name ?? data?.serverInfo?.name, 200);
  if (!data || name === undefined)
    return {
      listing: `${at.host}${at.pathname}`,
      reason: dropped(record, 'name', 'no server card: it has no name').reason,
    };
  const older = [data.transport, ...data.transports, data].flatMap((one): readonly RemoteRef[] => {
    const way = Way.safeParse(typeof one === 'string' ? { url: one } : one).data;
    const address = way?.endpoint ?? way?.url;
    if (address === undefined || !URL.canParse(address, at.href)) return [];
    return [{ type: way?.type === 'sse' ? 'sse' : 'streamable-http', url: new URL(address, at).href }];
  });
  const remotes = [...remotesOf({ remotes: data.remotes }), ...older].filter(({ url }) => isOwn(url, at));
  return sightingOf({
    source: 'well-known',
    listing: `${at.host}${at.pathname}`.slice(0, 400),
    name,
    title: data.title ?? data.serverInfo?.title,
    description: data.description,
    homepage: data.websiteUrl,
    remotes: [...new Map(remotes.map((one) => [one.url, one])).values()].slice(0, 50),
    verified: { publisher: at.hostname, proof: 'domain' },
  });
}

/** Whether an address is of the host that says so, or of one below it: above it, others may have hosts of their own. */
export function isOwn(address: string, { hostname }: URL): boolean {
  const url = URL.parse(address);
  return url !== null && /^https?:$/.test(url.protocol) && `.${url.hostname}`.endsWith(`.${hostname}`);
}

const Entry = z.object({
  type: Text,
  mediaType: Text,
  url: Web,
  data: z.unknown().optional(),
  inline: z.unknown().optional(),
});
const Catalogue = z.object({ entries: loose(Entry) });

/** One card that a catalogue lists: the card itself, or where it lies. */
export type Listed = { readonly card: unknown } | { readonly url: URL };

/** The server cards of a catalogue (`ai-catalog.json`, `mcp/catalog.json`); undefined for what is none. */
export function cardsListed(record: unknown): readonly Listed[] | undefined {
  const { data } = Catalogue.safeParse(record);
  if (!data || !Array.isArray((record as { entries?: unknown }).entries)) return undefined;
  return data.entries.flatMap((entry): readonly Listed[] => {
    if (!/^application\/mcp-server(-card)?\+json/.test(entry.type ?? entry.mediaType ?? '')) return [];
    const card = entry.data ?? entry.inline;
    if (card !== undefined) return [{ card }];
    return entry.url === undefined ? [] : [{ url: new URL(entry.url) }];
  });
}
