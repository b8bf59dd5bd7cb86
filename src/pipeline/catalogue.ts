import type { Depth, ServerQuery, ToolQuery } from '#domain/search.ts';
import { addressedServers } from '#store/catalogue/addressed.ts';
import { findServer, statistics } from '#store/catalogue/catalogue.ts';
import { latestChanges, listChanges } from '#store/catalogue/changes.ts';
import { figures } from '#store/catalogue/figures.ts';
import { historyOf } from '#store/catalogue/history.ts';
import {
  nameShelves,
  namesOnShelf,
  namesTouched,
  toolNames,
  toolsAlike,
  toolsAlikeEach,
} from '#store/catalogue/names.ts';
import { placeParts, serverPlaces, toolPlaces } from '#store/catalogue/places.ts';
import { newestRevision, revised } from '#store/catalogue/revisions.ts';
import { serversFilling } from '#store/catalogue/selections.ts';
import { stamp } from '#store/catalogue/stamp.ts';
import { wholeServersById } from '#store/catalogue/whole.ts';
import type { Db } from '#store/engine/open.ts';
import { registryNamesOf } from '#store/listing/registry-names.ts';
import { sourceStatuses } from '#store/listing/sources.ts';
import { recentRuns } from '#store/night/runs.ts';
import { findServers } from '#store/search/servers.ts';
import { findTools } from '#store/search/tools.ts';
import { annotatedTools } from '#store/verdict/annotated.ts';
import { markedNames } from '#store/verdict/marks.ts';
import { bearingsOf } from './related.ts';
import { stalledStages } from './stalled.ts';

/** The catalogue as API and pages read it, from a database. Servers with an address among `hide` are not in it. */
export function catalogueOf(db: Db, hide: readonly string[] = []) {
  const idsOf = async (query: ServerQuery): Promise<{ ids: readonly string[]; next?: string }> => {
    const { servers, next } = await findServers(db, query, hide);
    return { ids: servers.map(({ id }) => id), ...(next !== undefined && { next }) };
  };
  return {
    async find(key: string, depth?: Depth) {
      const found = await findServer(db, key, hide, depth);
      if (depth) return found;
      return found && { ...found, server: { ...found.server, ...(await bearingsOf(db, found.server)) } };
    },
    list: (query: ServerQuery) => findServers(db, query, hide),
    tools: (query: ToolQuery) => findTools(db, query, hide),
    async entries(query: ServerQuery | { readonly ids: readonly string[] }) {
      const { ids, next } = 'ids' in query ? { ids: query.ids } : await idsOf(query);
      const [servers, names] = await Promise.all([wholeServersById(db, ids), registryNamesOf(db, ids)]);
      const known = new Map(servers.map((one) => [one.id, one]));
      const entries = ids.flatMap((id) => {
        const [server, registryName] = [known.get(id), names.get(id)];
        return server ? [{ server, ...(registryName !== undefined && { registryName }) }] : [];
      });
      return { entries, ...(next !== undefined && { next }) };
    },
    statistics: () => statistics(db, hide),
    changes: (query: Parameters<typeof listChanges>[1]) => listChanges(db, query, hide),
    placeParts: (each: number) => placeParts(db, each, hide),
    serverPlaces: (part: number, each: number) => serverPlaces(db, part, each, hide),
    toolPlaces: (part: number, each: number) => toolPlaces(db, part, each, hide),
    hidden: hide,
    newestRevision: () => newestRevision(db),
    stamp: () => stamp(db),
    revised: (query: Parameters<typeof revised>[1]) => revised(db, query, hide),
    annotated: (query: Parameters<typeof annotatedTools>[1]) => annotatedTools(db, query, hide),
    markedNames: (query: Parameters<typeof markedNames>[1]) => markedNames(db, query, hide),
    alike: (query: Parameters<typeof toolsAlike>[1]) => toolsAlike(db, query, hide),
    alikeEach: (names: readonly string[]) => toolsAlikeEach(db, names, hide),
    names: () => toolNames(db, hide),
    shelves: () => nameShelves(db, hide),
    shelf: (query: Parameters<typeof namesOnShelf>[1]) => namesOnShelf(db, query, hide),
    namesTouched: (since: number) => namesTouched(db, since),
    filling: (query: Parameters<typeof serversFilling>[1]) => serversFilling(db, query, hide),
    latest: (query: Parameters<typeof latestChanges>[1]) => latestChanges(db, query, hide),
    history: async (serverId: string, most: number) => (await historyOf(db, [serverId], most)).get(serverId) ?? [],
    addressed: (facets: Parameters<typeof addressedServers>[1]) => addressedServers(db, facets, hide),
    figures: () => figures(db, hide),
    sources: () => sourceStatuses(db),
    runs: (limit: number) => recentRuns(db, 'nightly', limit),
    stalled: () => stalledStages(db, new Date()),
  };
}
