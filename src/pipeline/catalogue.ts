import { findServer, listServers, statistics } from '#store/catalogue.ts';
import type { Db } from '#store/open.ts';

/** The catalogue as API and pages read it, from a database. */
export function catalogueOf(db: Db) {
  return {
    find: (key: string) => findServer(db, key),
    list: (query: Parameters<typeof listServers>[1]) => listServers(db, query),
    statistics: () => statistics(db),
  };
}
