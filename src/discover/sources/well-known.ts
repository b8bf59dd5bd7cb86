import { SourceUnreachable } from '#core/errors.ts';
import type { Ask } from '#core/http.ts';
import type { Sighting } from '#domain/server.ts';
import { give } from '../found.ts';
import { type DiscoverOptions, type Dropped, homeOf, isDropped, type Source } from '../source.ts';
import { cardsListed, isOwn, mapServerCard } from '../well-known/card.ts';

/** Where hosts keep catalogues of their servers, and cards of one; drafts and the standard differ. */
const CATALOGUES = ['.well-known/ai-catalog.json', '.well-known/mcp/catalog.json'];
const CARDS = ['.well-known/mcp/server-card.json', '.well-known/mcp.json'];
/** Cards of one catalogue, and hosts at a time: each is asked one thing after the other. */
const MOST_CARDS = 50;
/** Addresses of one host at which a card is looked for beside them, as the standard has it (SEP-2127). */
const MOST_BESIDE = 10;
const BESIDE = '/server-card';
const AT_ONCE = 8;
const politeness = { concurrency: 1, interval: 200 };

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { stop, since, limit = Number.POSITIVE_INFINITY } = options;
  const known = Map.groupBy((await options.known?.listings()) ?? [], ({ listing }) => listing.replace(/\/.*/, ''));
  const remotes = since ? [] : ((await options.known?.addresses('remote')) ?? []);
  const named = Map.groupBy(remotes, (url) => URL.parse(url)?.host ?? '');
  named.delete('');
  const hosts = [...new Set([...options.settings.wellKnownHosts, ...known.keys(), ...named.keys()])];
  const besides = (host: string) => {
    const had = (known.get(host) ?? []).map(({ listing }) => listing.slice(host.length));
    const paths = (named.get(host) ?? []).map((url) => `${new URL(url).pathname.replace(/\/+$/, '')}${BESIDE}`);
    return [...new Set([...had.filter((path) => path.endsWith(BESIDE)), ...paths])].slice(0, MOST_BESIDE);
  };
  const seen = new Set<string>();
  let failed = 0;
  let last: SourceUnreachable | undefined;
  for (let at = 0; at < hosts.length && seen.size < limit; at += AT_ONCE) {
    stop.throwIfAborted();
    const answers = await Promise.allSettled(
      hosts.slice(at, at + AT_ONCE).map((host) => cardsAt(host, besides(host), options)),
    );
    for (const [i, answer] of answers.entries()) {
      if (answer.status === 'fulfilled') yield* give(answer.value, (one) => one, options, seen);
      else if (!(answer.reason instanceof SourceUnreachable)) throw answer.reason;
      else {
        failed++;
        last = answer.reason;
        yield { listing: hosts[at + i]!, reason: last.message };
        // That it does not answer tonight takes nothing back.
        yield* give(known.get(hosts[at + i]!) ?? [], (one) => one, options, seen);
      }
    }
  }
  // One host that fails says nothing of the others; when all do, it is us.
  if (last && failed === hosts.length) throw last;
}

/** The servers of one host: of its catalogue, else of the cards beside their addresses, else of its card. */
async function cardsAt(
  host: string,
  besides: readonly string[],
  options: DiscoverOptions,
): Promise<readonly (Sighting | Dropped)[]> {
  for (const path of CATALOGUES) {
    const found = await read(new URL(`https://${host}/${path}`), options);
    const cards = found && cardsListed(found.value);
    if (!cards) continue;
    const all: (Sighting | Dropped)[] = [];
    for (const [i, one] of cards.slice(0, MOST_CARDS).entries()) {
      const inside = new URL(`#${i}`, found.at);
      if ('card' in one) all.push(relisted(mapServerCard(one.card, found.at), `${host}/${path}${inside.hash}`));
      else if (!isOwn(one.url.href, found.at))
        all.push({ listing: one.url.href.slice(0, 400), reason: `is not at ${host}` });
      else {
        const card = await read(one.url, options);
        all.push(
          card ? mapServerCard(card.value, card.at) : { listing: one.url.href.slice(0, 400), reason: 'is not there' },
        );
      }
    }
    return all;
  }
  const cardAt = async (path: string): Promise<readonly (Sighting | Dropped)[]> => {
    const found = await read(new URL(path, `https://${host}/`), options);
    return found && typeof found.value === 'object' && found.value !== null
      ? [mapServerCard(found.value, found.at)]
      : [];
  };
  const cards: (Sighting | Dropped)[] = [];
  for (const path of besides) cards.push(...(await cardAt(path)));
  for (const path of CARDS) if (cards.length === 0) cards.push(...(await cardAt(path)));
  return cards;
}

function relisted(found: Sighting | Dropped, listing: string): Sighting | Dropped {
  return isDropped(found) ? { ...found, listing } : { ...found, listing };
}

/** What lies at an address of a stranger's; undefined where nothing does. A mirror is asked as `<mirror>/<host>/<path>`. */
async function read(
  at: URL,
  { http, settings, stop }: DiscoverOptions,
): Promise<{ readonly at: URL; readonly value: unknown } | undefined> {
  const mirror = settings.sourceUrls['well-known'];
  const url =
    mirror === undefined ? at : new URL(`${at.host}${at.pathname}${at.search}`, homeOf(settings, 'well-known', ''));
  const ask: Ask = { politeness, stop, publicOnly: mirror === undefined };
  try {
    return { at, value: await http.json(url, ask) };
  } catch (error) {
    const isAbsent = error instanceof SourceUnreachable && [400, 401, 403, 404, 405, 410].includes(error.status ?? 0);
    // Many hosts answer every address with a page.
    if (isAbsent || (error instanceof SourceUnreachable && error.message.includes('a page instead of JSON')))
      return undefined;
    throw error;
  }
}

export default {
  id: 'well-known',
  title: 'Server cards',
  terms: 'What hosts of servers publish of themselves at well-known addresses (server cards and AI catalogues).',
  can: { sweep: true, recent: true },
  politeness,
  discover,
} satisfies Source;
