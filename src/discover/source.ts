import type { Settings } from '#config.ts';
import type { Http } from '#core/http.ts';
import type { Politeness } from '#core/politeness.ts';
import type { AliasKind, Sighting } from '#domain/server.ts';

/** What sources take from the settings. */
export type SourceSettings = Pick<
  Settings,
  | 'registryUrl'
  | 'npmRegistryUrl'
  | 'sourceUrls'
  | 'smitheryKey'
  | 'glamaKey'
  | 'pulsemcpKey'
  | 'pulsemcpTenant'
  | 'githubToken'
  | 'wellKnownHosts'
  | 'npmChangesUrl'
  | 'directories'
> & {
  /** A file or folder of the user's own; given on the command line. */
  readonly from?: string | undefined;
};

/** What the catalogue holds already, for sources that look again at what they said, or closer at what others named. */
export interface Known {
  /** What this source said last of each of its listings. */
  listings(): Promise<readonly Sighting[]>;
  /** Every address of a kind that a current sighting of any source names: `github.com/owner/name`, … */
  addresses(kind: AliasKind): Promise<readonly string[]>;
  /** What packages that were fetched say of themselves, where one of their versions named the registry. */
  borne(): Promise<readonly Borne[]>;
  /** Addresses that somebody asked to have looked at, and that wait: `<kind>:<key>`. */
  requested(): Promise<readonly string[]>;
}

/** Names of the official registry that a package's newest fetched version says are its own. */
export interface Borne {
  readonly purl: string;
  readonly names: readonly string[];
}

/** What a source notes of one pass for the next, by a key of its own. */
export interface Notes {
  read(key: string): Promise<string | undefined>;
  write(key: string, value: string): Promise<void>;
}

export interface DiscoverOptions {
  /** Only what changed since then, for sources that can tell; those that cannot give everything. */
  readonly since?: Date | undefined;
  /** At most this many sightings. */
  readonly limit?: number | undefined;
  readonly http: Http;
  /** Absent where there is no catalogue yet, or none shall be looked at. */
  readonly known?: Known | undefined;
  readonly notes?: Notes | undefined;
  readonly settings: SourceSettings;
  readonly stop: AbortSignal;
}

/** A record that could not be used; the records around it are not affected. */
export interface Dropped {
  /** What the source calls it, or where it stands where it has no name. */
  readonly listing: string;
  readonly reason: string;
  /** The record is none of the shape that the source promises, rather than a good one that is not wanted. */
  readonly isMalformed?: boolean;
}

/**
 * A place that lists servers: one file in `sources/`, its id the file's name. Its other half, from a record to a
 * sighting, is a pure function that the file or its neighbour exports.
 */
export interface Source {
  readonly id: string;
  readonly title: string;
  /** Licence of the data and the attribution it asks for; printed on the method page. */
  readonly terms: string;
  readonly can: { readonly sweep: boolean; readonly recent: boolean };
  /** Settings without which it is not asked. */
  readonly needs?: readonly (keyof SourceSettings)[];
  /** How hard each of its hosts may be asked; absent where it asks none. */
  readonly politeness?: Politeness;
  /** Rejects with `SourceUnreachable` when the source fails; what it gave before that holds. */
  discover(options: DiscoverOptions): AsyncIterable<Sighting | Dropped>;
}

/** Where a source is asked: at the address that the settings give it, else at its usual one; ends in a slash. */
export function homeOf(settings: SourceSettings, id: string, usual: string): string {
  return `${(settings.sourceUrls[id] ?? usual).replace(/\/+$/, '')}/`;
}

export function isDropped(found: Sighting | Dropped): found is Dropped {
  return 'reason' in found;
}
