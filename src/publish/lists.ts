import type { ServerSummary } from '#domain/catalogue.ts';
import type { Change } from '#domain/change.ts';
import type {
  Figures,
  LegQuery,
  ListedTool,
  Mark,
  RunStatus,
  SourceStatus,
  ToolName,
  ToolPlace,
} from '#domain/lists.ts';

interface Servers {
  readonly servers: readonly ServerSummary[];
  readonly next?: string;
}

/** What pages of lists read of a catalogue. Every list goes on from its `next`; none counts places from the front. */
export interface Lists {
  /** Present tools under a mark, in order of name. */
  marked(query: {
    readonly mark: Mark;
    readonly after?: ToolPlace | undefined;
    readonly limit: number;
  }): Promise<{ readonly tools: readonly ListedTool[]; readonly next?: ToolPlace }>;
  /** Present tools of exactly this name, in order of slug. */
  named(query: {
    readonly name: string;
    readonly cursor?: string | undefined;
    readonly limit: number;
  }): Promise<{ readonly tools: readonly ListedTool[]; readonly next?: string }>;
  /** Names that differ from this one in capitals and in the signs between their words only. */
  spellings(query: { readonly name: string; readonly limit: number }): Promise<readonly ToolName[]>;
  /** Names of present tools in the order of their bytes, each once. */
  names(query: {
    readonly cursor?: string | undefined;
    readonly limit: number;
  }): Promise<{ readonly names: readonly ToolName[]; readonly next?: string }>;
  /** Servers whose tools fill every leg, in order of slug. */
  filling(query: {
    readonly legs: readonly LegQuery[];
    readonly cursor?: string | undefined;
    readonly limit: number;
  }): Promise<Servers>;
  /** Servers that a source lists now, in order of slug. */
  listedIn(query: {
    readonly source: string;
    readonly cursor?: string | undefined;
    readonly limit: number;
  }): Promise<Servers>;
  /** Changes from the newest visit to the oldest, from before the visit `before`, of one server or all. */
  latest(query: {
    readonly before?: number | undefined;
    readonly visits: number;
    readonly serverId?: string | undefined;
  }): Promise<{ readonly changes: readonly Change[]; readonly next?: number }>;
  figures(): Promise<Figures>;
  /** Every source that was ever asked. */
  sources(): Promise<readonly SourceStatus[]>;
  /** The last whole crawls, newest first. */
  runs(limit: number): Promise<readonly RunStatus[]>;
}
