import type { AnnotatedTool, CatalogueServer, ServerSummary, Statistics } from '#domain/catalogue.ts';
import type { Change } from '#domain/change.ts';
import type { Revised } from '#domain/revision.ts';
import type { Depth, FoundTool, ServerQuery, ToolQuery } from '#domain/search.ts';
import type { Lists } from './lists.ts';

/** A server, and its name where the official registry has proven one. */
export interface RegistryEntry {
  readonly server: CatalogueServer;
  readonly registryName?: string;
}

/** What API and pages read: a database in service, a literal in tests. */
export interface Catalogue extends Lists {
  /**
   * By id, slug, earlier slug, purl or any other address; `canonical` is false for all but the first two. `depth`:
   * that much of it is enough, and the rest, which takes longer to tell, may be left out.
   */
  find(
    key: string,
    depth?: Depth,
  ): Promise<{ readonly server: CatalogueServer; readonly canonical: boolean } | undefined>;
  /** Servers, filtered and searched: in order of slug, or the best match first where words are looked for. */
  list(query: ServerQuery): Promise<{ readonly servers: readonly ServerSummary[]; readonly next?: string }>;
  /** Present tools across servers, filtered and searched: in order of name, or the best match first. */
  tools(query: ToolQuery): Promise<{ readonly tools: readonly FoundTool[]; readonly next?: string }>;
  /** Whole servers with their names in the official registry: filtered and searched as in `list`, or by id. */
  entries(
    query: ServerQuery | { readonly ids: readonly string[] },
  ): Promise<{ readonly entries: readonly RegistryEntry[]; readonly next?: string }>;
  statistics(): Promise<Statistics>;
  /** The OpenAPI document of the API that serves it; absent where nobody is there to answer. */
  document?(): object;
  /** Changes after the visit `since`, oldest first, of one server or all; `next` goes on from there. */
  changes(query: {
    readonly since: number;
    readonly visits: number;
    readonly serverId?: string | undefined;
  }): Promise<{ readonly changes: readonly Change[]; readonly next?: number }>;
  /** How many parts of at most `each` servers and tools there are; some parts of tools may be empty. */
  placeParts(each: number): Promise<{ readonly servers: number; readonly tools: number }>;
  /** Slugs of one part of the servers, from 0. */
  serverPlaces(part: number, each: number): Promise<readonly string[]>;
  /** Server and name of each present tool of one part, from 0. */
  toolPlaces(part: number, each: number): Promise<readonly { readonly slug: string; readonly name: string }[]>;
  /** Addresses of servers that are not shown. */
  readonly hidden: readonly string[];
  newestRevision(): Promise<number>;
  /** Another text whenever anything that is read here may have changed; costs next to nothing. */
  stamp(): Promise<string>;
  /** Servers revised after the one and up to the other revision, in their order. */
  revised(query: { readonly after: number; readonly until: number }): AsyncIterable<Revised>;
  /** Assessed tools whose authors annotate them, `limit` at a time; `next` is the `after` of the next page. */
  annotated(query: {
    readonly after?: number | undefined;
    readonly limit: number;
  }): Promise<{ readonly tools: readonly AnnotatedTool[]; readonly next?: number }>;
}
