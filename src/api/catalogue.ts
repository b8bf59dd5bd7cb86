import type { CatalogueServer, ServerSummary, Statistics } from '#domain/catalogue.ts';

export interface ListQuery {
  readonly limit: number;
  /** What the page before gave as `next`. */
  readonly cursor?: string | undefined;
  /** Keeps the servers whose slug, name, title or description holds it. */
  readonly text?: string | undefined;
}

/** What API and pages read: a database in service, a literal in tests. */
export interface Catalogue {
  /** By id, slug, earlier slug, purl or any other address; `canonical` is false for all but the first two. */
  find(key: string): Promise<{ readonly server: CatalogueServer; readonly canonical: boolean } | undefined>;
  list(query: ListQuery): Promise<{ readonly servers: readonly ServerSummary[]; readonly next?: string }>;
  statistics(): Promise<Statistics>;
}
