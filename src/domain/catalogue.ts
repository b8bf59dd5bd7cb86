import type {
  Artefact,
  Attempt,
  Authorization,
  Egress,
  Gate,
  LaunchContext,
  Outcome,
  Phase,
  Rejection,
} from './launch.ts';
import type { ListingStatus, Server, Verified } from './server.ts';
import type { JsonObject, Provenance, ToolDefinition } from './tool.ts';
import type { Assessment, Category, Risk, Verdict } from './verdict.ts';

/** A tool as the catalogue knows it: its present definition on this server, how it is known, and its assessment. */
export interface CatalogueTool {
  readonly definition: ToolDefinition;
  readonly fingerprint: string;
  readonly provenance: Provenance;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** Absent until the tool has been classified. */
  readonly assessment?: Assessment;
  /** Other verdicts that this same definition had before, newest first; absent where there was none. */
  readonly earlier?: readonly EarlierVerdict[];
}

/** What a tool was found to be until `until`, when rules, judge or siblings had become others. */
export interface EarlierVerdict {
  readonly category: Category;
  readonly risk: Risk;
  readonly until: Date;
}

/** The last visit to a server, as pages and API show it. */
export interface Visit {
  readonly at: Date;
  readonly outcome: Outcome;
  /** Nothing of it was to be had so often in a row that it is left alone until a listing of it changes. */
  readonly gone?: true;
  readonly phase?: Phase;
  readonly reason?: string;
  readonly detail?: string;
  readonly wants: readonly string[];
  readonly rejections: readonly Rejection[];
  readonly artefact?: Artefact;
  readonly context?: LaunchContext;
  readonly protocolVersion?: string;
  /** What the server says of itself; hostile data like all of it. */
  readonly serverInfo?: JsonObject;
  readonly capabilities?: JsonObject;
  readonly instructions?: string;
  readonly prompts?: readonly JsonObject[];
  readonly resources?: readonly JsonObject[];
  readonly gates?: readonly Gate[];
  /** Tokens (o200k_base) that its tool list costs an agent that loads it. */
  readonly tokens?: number;
  /** Its address, where it runs elsewhere. */
  readonly remote?: string;
  readonly authorization?: Authorization;
  readonly attempts: readonly Attempt[];
  readonly ms: number;
}

/** Where a server wanted to connect to, over all starts of a visit, each place once. */
export function egressOf(visit: Pick<Visit, 'attempts'>): readonly Egress[] {
  const places = visit.attempts.flatMap(({ egress }) => egress ?? []);
  return [...new Map(places.map((place) => [`${place.host}:${place.port}`, place])).values()];
}

/** The most memory that one start of a visit held, in bytes; undefined where no start could tell. */
export function peakMemoryOf(visit: Pick<Visit, 'attempts'>): number | undefined {
  const peaks = visit.attempts.flatMap(({ peakMemory }) => peakMemory ?? []);
  return peaks.length > 0 ? Math.max(...peaks) : undefined;
}

/**
 * How one server stands to another, or to what it was. Never a reason to merge. `possible-duplicate`: alike, and nothing
 * proves that they are one. `fork`, `mirror`: the forge says so. `names-package`: a listing of it names a package that
 * belongs to the other. `look-alike`: its name is nearly that of another that many list, under another owner.
 * `moved-away`: its package no longer points to where it pointed, or says that it is another's.
 */
export const RELATIONS = ['possible-duplicate', 'fork', 'mirror', 'names-package', 'look-alike', 'moved-away'] as const;

export interface Relation {
  readonly kind: (typeof RELATIONS)[number];
  /** The other server, where the catalogue has it. */
  readonly server?: { readonly id: string; readonly slug: string };
  /** What shows it, in neutral words. */
  readonly because: string;
}

/** What those who list a server know of its publisher and its repository: each fact the word of who says it. */
export interface Standing {
  readonly verified: readonly (Verified & { readonly source: string })[];
  /** Listings that are no longer recommended, or were taken down. */
  readonly withdrawn: readonly { readonly source: string; readonly status: Exclude<ListingStatus, 'active'> }[];
  readonly archived?: boolean;
  readonly disabled?: boolean;
  /** Rounded down to one digit and its zeros. */
  readonly stars?: number;
  /** SPDX identifier, as the forge recognised it. */
  readonly license?: string;
}

/** Everything the catalogue says of one server. Tools in order of name. */
export interface CatalogueServer extends Server {
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** Ids of the sources that list it. */
  readonly sources: readonly string[];
  /** Absent where nobody looked. */
  readonly related?: readonly Relation[];
  readonly standing?: Standing;
  readonly visit?: Visit;
  /** The last visit that listed, where the last one did not. */
  readonly listedAt?: Date;
  readonly tools: readonly CatalogueTool[];
}

/** A server in a list. */
export interface ServerSummary {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly outcome?: Outcome;
  readonly toolCount: number;
  /** The highest risk among its tools. */
  readonly risk?: Risk;
  readonly lastSeen: Date;
}

export interface Statistics {
  readonly servers: number;
  readonly tools: number;
  readonly byOutcome: Readonly<Partial<Record<Outcome | 'unvisited', number>>>;
  readonly byCategory: Readonly<Record<Category, number>>;
  readonly byRisk: Readonly<Record<Risk, number>>;
  readonly unassessed: number;
  /** Tools known from a package's source only. */
  readonly static: number;
}

/** A tool that its author annotates, with the server that has it and what it was found to be. */
export interface AnnotatedTool {
  readonly server: Server;
  readonly definition: ToolDefinition;
  readonly verdict: Verdict;
}
