import type { JsonObject } from '#domain/tool.ts';
import type { Greeting } from './handshake.ts';
import type { Limits } from './limits.ts';
import { type Peer, Silent } from './peer.ts';
import { readFacts } from './tools.ts';

/** What a server listed over all pages, unchecked. */
export interface Listing {
  /** At most one more than may be. */
  readonly items: readonly unknown[];
  /** Why it was cut off, where it was. */
  readonly cut?: 'too-many-pages' | 'repeated-cursor' | 'too-many-tools';
}

/** Every page of one list. Rejects as the peer does, with `Silent` where all of it takes more than `bounds.ms`. */
export async function listing(
  peer: Peer,
  method: string,
  field: string,
  params: object,
  bounds: { readonly ms: number; readonly pages: number; readonly items: number },
): Promise<Listing> {
  const items: unknown[] = [];
  const deadline = Date.now() + bounds.ms;
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 1; ; pages++) {
    const left = deadline - Date.now();
    if (left <= 0) throw new Silent(`the list was not complete after ${bounds.ms} ms`);
    const page = await peer.request(method, { ...params, ...(cursor !== undefined && { cursor }) }, left);
    const found: unknown = page[field];
    if (Array.isArray(found)) items.push(...found.slice(0, bounds.items + 1 - items.length));
    if (typeof page.nextCursor !== 'string' || page.nextCursor === '') return { items };
    cursor = page.nextCursor;
    if (items.length > bounds.items) return { items, cut: 'too-many-tools' };
    if (cursors.has(cursor)) return { items, cut: 'repeated-cursor' };
    if (pages >= bounds.pages) return { items, cut: 'too-many-pages' };
    cursors.add(cursor);
  }
}

/**
 * Prompts, resources and resource templates, where a server says that it has such. One that fails to list some of them
 * is not the worse for it; what is too large or too deep to be kept is left out.
 */
export async function asides(
  peer: Peer,
  { capabilities, meta }: Pick<Greeting, 'capabilities' | 'meta'>,
  limits: Limits,
): Promise<{ readonly prompts?: readonly JsonObject[]; readonly resources?: readonly JsonObject[] }> {
  const bounds = { ms: limits.asides, pages: limits.pages, items: limits.asideItems };
  const list = async (has: unknown, method: string, field: string) => {
    if (!has) return undefined;
    const found = await listing(peer, method, field, meta, bounds).catch(() => undefined);
    return found && fitting(found.items.slice(0, bounds.items), limits);
  };
  const [prompts, resources, templates] = await Promise.all([
    list(capabilities.prompts, 'prompts/list', 'prompts'),
    list(capabilities.resources, 'resources/list', 'resources'),
    list(capabilities.resources, 'resources/templates/list', 'resourceTemplates'),
  ]);
  return {
    ...(prompts && { prompts }),
    ...((resources || templates) && { resources: [...(resources ?? []), ...(templates ?? [])] }),
  };
}

/** Those that can be kept, up to a size for all. */
function fitting(items: readonly unknown[], limits: Limits): readonly JsonObject[] {
  let room = limits.asideBytes;
  return items.flatMap((item) => {
    const facts = readFacts(item, limits);
    room -= facts ? Buffer.byteLength(JSON.stringify(facts)) : 0;
    return facts && room >= 0 ? [facts] : [];
  });
}
