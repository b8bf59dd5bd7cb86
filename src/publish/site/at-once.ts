import { shelfOf } from '#domain/lists.ts';
import type { Catalogue } from '../catalogue.ts';

/** Servers that are asked for together; pages of lists cut them as they need. */
const TOGETHER = 2_000;

/**
 * The catalogue as one publication reads it: what many pages ask for is asked once, and long lists in long pieces. Holds
 * names and one piece of a list in memory.
 */
export function atOnce(catalogue: Catalogue): Catalogue {
  const names = once(() => catalogue.names());
  const shelves = once(async () => Map.groupBy(await names(), ({ folded }) => shelfOf(folded)));
  let piece: Awaited<ReturnType<Catalogue['list']>> | undefined;
  return {
    ...catalogue,
    names,
    statistics: once(() => catalogue.statistics()),
    figures: once(() => catalogue.figures()),
    async shelves() {
      const all = Array.from(await shelves(), ([id, on]) => ({ id, names: on.length }));
      return all.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async shelf({ id, cursor, limit }) {
      const all = (await shelves()).get(id) ?? [];
      const from = cursor === undefined ? 0 : all.findIndex(({ folded }) => folded === cursor) + 1;
      const some = all.slice(from, from + limit);
      return { names: some, ...(from + limit < all.length && { next: some.at(-1)!.folded }) };
    },
    async list(query) {
      const { cursor, limit, text, source, sort } = query;
      // What is narrowed or sorted otherwise has a page or two.
      const plain = text === undefined && source === undefined && sort === undefined;
      if (!plain || limit >= TOGETHER) return catalogue.list(query);
      let from = cursor === undefined ? -1 : (piece?.servers.findIndex(({ slug }) => slug === cursor) ?? -1);
      const whole = piece && from >= 0 && (from + limit < piece.servers.length || piece.next === undefined);
      if (!whole) {
        piece = await catalogue.list({ ...query, limit: TOGETHER });
        from = -1;
      }
      const { servers, next } = piece!;
      const some = servers.slice(from + 1, from + 1 + limit);
      const more = from + 1 + limit < servers.length || next !== undefined;
      return { servers: some, ...(more && some.length > 0 && { next: some.at(-1)!.slug }) };
    },
  };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
}
