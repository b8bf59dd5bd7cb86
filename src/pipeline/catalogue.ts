import { annotatedTools } from '#store/annotated.ts';
import { findServer, listServers, statistics } from '#store/catalogue.ts';
import { listChanges } from '#store/changes.ts';
import type { Db } from '#store/open.ts';
import { newestRevision, revised } from '#store/revisions.ts';
import { relatedTo } from './related.ts';

/** The catalogue as API and pages read it, from a database. Servers with an address among `hide` are not in it. */
export function catalogueOf(db: Db, hide: readonly string[] = []) {
  return {
    async find(key: string) {
      const found = await findServer(db, key, hide);
      return found && { ...found, server: { ...found.server, related: await relatedTo(db, found.server) } };
    },
    list: (query: Parameters<typeof listServers>[1]) => listServers(db, query, hide),
    statistics: () => statistics(db, hide),
    changes: (query: Parameters<typeof listChanges>[1]) => listChanges(db, query, hide),
    hidden: hide,
    newestRevision: () => newestRevision(db),
    revised: (query: Parameters<typeof revised>[1]) => revised(db, query, hide),
    annotated: (query: Parameters<typeof annotatedTools>[1]) => annotatedTools(db, query, hide),
  };
}
