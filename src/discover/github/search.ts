import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import type { Dropped } from '../source.ts';
import { halves, qualifiersOf, type Slice } from './slices.ts';

/** The most that one search gives, and that one page holds. */
const MOST = 1_000;
const PAGE = 100;

/** A kind of search. `page` asks for one page; they count from one. */
export interface Search {
  readonly host: string;
  page(query: string, number: number, size: number): Promise<unknown>;
}

const Page = z.object({
  total_count: z.number(),
  incomplete_results: z.boolean().catch(false),
  items: z.array(z.unknown()),
});

/** One item of a search, or the note that some of it cannot be had. */
export type Hit = { readonly item: unknown } | Dropped;

/**
 * Everything that a search finds, past the cap on results: a slice that holds more, or was not searched to its end, is
 * asked for in two halves. Rejects with `SourceUnreachable` where pages repeat or are none.
 */
export async function* searchAll(search: Search, terms: string, slice: Slice): AsyncGenerator<Hit> {
  const query = [terms, qualifiersOf(slice)].filter(Boolean).join(' ');
  const read = async (number: number) => {
    const { data } = Page.safeParse(await search.page(query, number, PAGE));
    if (!data) throw new SourceUnreachable(`${search.host} answered without a list of results to '${query}'`);
    return data;
  };
  const first = await read(1);
  const isWhole = first.total_count <= MOST && !first.incomplete_results;
  const parts = isWhole ? undefined : halves(slice);
  if (parts) {
    for (const part of parts) yield* searchAll(search, terms, part);
    return;
  }
  if (!isWhole) yield { listing: query, reason: `finds ${first.total_count}, of which only the first are told` };
  yield* first.items.map((item) => ({ item }));
  const last = Math.min(Math.ceil(first.total_count / PAGE), MOST / PAGE);
  let before = JSON.stringify(first.items);
  for (let number = 2; number <= last; number++) {
    const { items } = await read(number);
    if (items.length === 0) return;
    const now = JSON.stringify(items);
    if (now === before) throw new SourceUnreachable(`${search.host} repeats its pages of '${query}' (page ${number})`);
    before = now;
    yield* items.map((item) => ({ item }));
  }
}
