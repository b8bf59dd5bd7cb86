import type { Outcome } from './launch.ts';
import type { Provenance } from './tool.ts';
import type { Category, Risk } from './verdict.ts';

/** What tools are listed under: `category:Write`, `risk:high`, `facet:sends-out`, `facet:scope=system`. */
export type Mark = `category:${Category}` | `risk:${Risk}` | `facet:${string}`;

/** The mark of a facet's value; undefined for one that says that something is not so. */
export function facetMark(name: string, value: string | boolean): Mark | undefined {
  if (value === false) return undefined;
  return value === true ? `facet:${name}` : `facet:${name}=${value}`;
}

/** A tool in a list across servers. */
export interface ListedTool {
  readonly name: string;
  readonly server: { readonly id: string; readonly slug: string; readonly name: string; readonly title?: string };
  readonly provenance: Provenance;
  /** Absent until it has been classified. */
  readonly verdict?: { readonly category: Category; readonly risk: Risk };
}

/** A place in a list of tools: after this name and, within it, this number. */
export interface ToolPlace {
  readonly name: string;
  readonly id: number;
}

/** As much of a name as lists are ordered by, in characters: an index refuses longer ones, and servers choose the names. */
export const NAME_ORDERED = 250;

/** A name without the signs between its words and in small letters of ASCII: what names share that read alike. */
export function foldedName(name: string): string {
  const start = name.length <= NAME_ORDERED ? name : [...name].slice(0, NAME_ORDERED).join('');
  return start.replace(/[-_. /:]/g, '').replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Names that read alike, with one of them as it is spelt, and on how many servers they are. */
export interface ToolName {
  readonly folded: string;
  readonly name: string;
  readonly servers: number;
}

/**
 * The shelf that a folded name stands on: its first two characters as far as they are letters and digits of ASCII; what
 * begins otherwise stands on the shelf `other`.
 */
export function shelfOf(folded: string): string {
  return /^[a-z0-9]{1,2}/.exec(folded)?.[0] ?? 'other';
}

/** A shelf, and how many names stand on it. */
export interface Shelf {
  readonly id: string;
  readonly names: number;
}

/** A name under a mark, as it is spelt, with what the tools of that name were found to be there. */
export interface MarkedName {
  readonly name: string;
  readonly servers: number;
  /** The server, where it is the only one. */
  readonly slug?: string;
  readonly categories: readonly Category[];
  readonly risks: readonly Risk[];
}

/** Which tools fill one leg of a combination: of one of these marks, and of one of these categories where given. */
export interface LegQuery {
  readonly marks?: readonly Mark[] | undefined;
  readonly categories?: readonly Category[] | undefined;
}

/** A server as an index of setups has it. */
export interface AddressedServer {
  readonly slug: string;
  readonly name: string;
  readonly title?: string;
  /** `<kind>:<key>` of packages, remote addresses, repositories and registry names that it is known under. */
  readonly addresses: readonly string[];
  /** How many assessed tools it has, by category and risk. */
  readonly verdicts: readonly { readonly category: Category; readonly risk: Risk; readonly tools: number }[];
  /** Which facets its tools show, and of which category a tool that shows it is. */
  readonly facets: readonly { readonly facet: Mark; readonly category: Category }[];
}

/** What the statistics page draws; all of what is present and shown. */
export interface Figures {
  /** Tools by both at once; what is not assessed is in neither. */
  readonly verdicts: readonly { readonly category: Category; readonly risk: Risk; readonly tools: number }[];
  /** Tools by facet mark. */
  readonly facets: readonly { readonly mark: Mark; readonly tools: number }[];
  readonly outcomes: readonly { readonly outcome: Outcome | 'unvisited'; readonly servers: number }[];
  /** By day (UTC), oldest first: servers known and tools present at its end. */
  readonly growth: readonly { readonly day: string; readonly servers: number; readonly tools: number }[];
  /** Tools whose authors declare a hint at all, and each hint's values. */
  readonly annotated: number;
  readonly hints: readonly { readonly hint: string; readonly yes: number; readonly no: number }[];
}

/** A place that lists servers, as the crawl last found it. */
export interface SourceStatus {
  readonly id: string;
  readonly lastTried?: Date;
  readonly lastGood?: Date;
  readonly error?: string;
  /** How many listings it had when it was last read to its end, and when that was. */
  readonly listings?: number;
  readonly sweptAt?: Date;
}

/** One run of the crawl. */
export interface RunStatus {
  readonly job: string;
  readonly startedAt: Date;
  /** Absent while it runs, and for one that was cut off. */
  readonly finishedAt?: Date;
  readonly summary?: Readonly<Record<string, unknown>>;
}
