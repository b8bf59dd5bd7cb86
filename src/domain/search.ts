import type { Outcome } from './launch.ts';
import type { ListedTool, Mark } from './lists.ts';
import type { Verdict } from './verdict.ts';

/** What a list of servers, or of tools across servers, is narrowed by. All must hold. */
export interface Filters {
  /** Words to find. Names count before descriptions; `createIssue`, `create_issue` and "create issue" are the same. */
  readonly text?: string | undefined;
  /** Categories, risks and facets: of a tool that it has all of them, of a server that some tool of it has. */
  readonly marks?: readonly Mark[] | undefined;
  /** A source that lists the server now. */
  readonly source?: string | undefined;
  /** What came of the last visit to the server. */
  readonly outcome?: Outcome | 'unvisited' | undefined;
  /** A tool came, changed or went since; of a tool, that it is as it is since then or later. */
  readonly changedSince?: Date | undefined;
}

export interface Paged {
  readonly limit: number;
  /** What the page before gave as `next`; any other text gives the first page or an empty one. */
  readonly cursor?: string | undefined;
}

/** How much of a server is loaded, where not all: itself and its tools, or its last visit too. */
export type Depth = 'tools' | 'visit';

/** Orders of servers: by address; the newest in the catalogue, or the newest judged, first; the best match first. */
export const SERVER_SORTS = ['slug', 'newest', 'judged', 'relevance'] as const;
export type ServerSort = (typeof SERVER_SORTS)[number];

/** Orders of tools: by name; the newest in the catalogue first; the best match first. */
export const TOOL_SORTS = ['name', 'newest', 'relevance'] as const;
export type ToolSort = (typeof TOOL_SORTS)[number];

/** A tool found across servers, with what a list shows of it. */
export interface FoundTool extends Omit<ListedTool, 'verdict'> {
  readonly fingerprint: string;
  readonly title?: string;
  readonly description?: string;
  /** When the catalogue first saw this definition on this server. */
  readonly firstSeen: Date;
  readonly verdict?: Pick<Verdict, 'category' | 'access' | 'risk' | 'confidence'>;
}

export type ServerQuery = Filters & Paged & { readonly sort?: ServerSort | undefined };
export type ToolQuery = Filters & Paged & { readonly sort?: ToolSort | undefined };
