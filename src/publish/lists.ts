import type { ServerSummary } from '#domain/catalogue.ts';
import type { Change } from '#domain/change.ts';
import type {
  AddressedServer,
  Figures,
  LegQuery,
  ListedTool,
  Mark,
  MarkedName,
  RunStatus,
  Shelf,
  SourceStatus,
  ToolName,
  ToolPlace,
} from '#domain/lists.ts';
import type { Stalled } from '#domain/queue.ts';

interface Servers {
  readonly servers: readonly ServerSummary[];
  readonly next?: string;
}

/** What pages of lists read of a catalogue. Every list goes on from its `next`; none counts places from the front. */
export interface Lists {
  /** Names under a mark by the number of servers that have them, the most first; `tools` counts all under the mark. */
  markedNames(query: {
    readonly mark: Mark;
    readonly limit: number;
  }): Promise<{ readonly names: readonly MarkedName[]; readonly tools: number }>;
  /** Present tools whose names read alike (`foldedName`), in order of name. */
  alike(query: {
    readonly folded: string;
    readonly after?: ToolPlace | undefined;
    readonly limit: number;
  }): Promise<{ readonly tools: readonly ListedTool[]; readonly next?: ToolPlace }>;
  /** The same for many names at once, all tools of each. */
  alikeEach(
    folded: readonly string[],
  ): Promise<ReadonlyMap<string, readonly (ListedTool & { readonly place: ToolPlace })[]>>;
  /** Every folded name of present tools in the order of its bytes. */
  names(): Promise<readonly ToolName[]>;
  /** Shelves of names (`shelfOf`) in order, those that hold something. */
  shelves(): Promise<readonly Shelf[]>;
  /** The names on a shelf in the order of their bytes. */
  shelf(query: {
    readonly id: string;
    readonly cursor?: string | undefined;
    readonly limit: number;
  }): Promise<{ readonly names: readonly ToolName[]; readonly next?: string }>;
  /** Folded names of which something may have changed since a revision, also those that are gone. */
  namesTouched(since: number): Promise<readonly string[]>;
  /** Servers whose tools fill every leg, in order of slug. */
  filling(query: {
    readonly legs: readonly LegQuery[];
    readonly cursor?: string | undefined;
    readonly limit: number;
  }): Promise<Servers>;
  /** Changes from the newest visit to the oldest, from before the visit `before`, of one server or all. */
  latest(query: {
    readonly before?: number | undefined;
    readonly visits: number;
    readonly serverId?: string | undefined;
  }): Promise<{ readonly changes: readonly Change[]; readonly next?: number }>;
  /** What changed in a server's tools since they were first listed, newest first, at most `most`. */
  history(serverId: string, most: number): Promise<readonly Change[]>;
  /** Every server in order of slug, for an index of setups; of facets, those that are asked for. */
  addressed(facets: readonly Mark[]): Promise<readonly AddressedServer[]>;
  figures(): Promise<Figures>;
  /** Every source that was ever asked. */
  sources(): Promise<readonly SourceStatus[]>;
  /** The last whole crawls, newest first. */
  runs(limit: number): Promise<readonly RunStatus[]>;
  /** On which stages the crawl that is under way waits though nobody works on them. */
  stalled(): Promise<readonly Stalled[]>;
}
