/** A repository as a source names it; `subfolder` where one repository holds several servers. */
export interface Repository {
  readonly url: string;
  readonly subfolder?: string;
  /** The forge's own number for it, which survives renames. */
  readonly forgeId?: string;
}

/** An argument or environment variable that a listing or a manifest says the server takes. */
export interface Input {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly secret?: boolean;
  readonly default?: string;
  readonly choices?: readonly string[];
}

/** A package that a sighting names. `purl` is versionless; `version` is what the listing says, if it says one. */
export interface PackageRef {
  readonly purl: string;
  readonly version?: string;
  readonly env?: readonly Input[];
  /** Literal arguments to pass, in order. */
  readonly args?: readonly string[];
}

export interface RemoteRef {
  readonly type: 'streamable-http' | 'sse';
  readonly url: string;
}

export const LISTING_STATUSES = ['active', 'deprecated', 'deleted'] as const;
export type ListingStatus = (typeof LISTING_STATUSES)[number];

/** One source's listing of one server, as that source says it. Facts only, nothing merged. */
export interface Sighting {
  /** Id of the source, which is its file name. */
  readonly source: string;
  /** What the source calls this listing; unique and stable within the source. */
  readonly listing: string;
  readonly name: string;
  /** Its name in the official registry (`io.github.owner/name`), where that registry has proven who may use it. */
  readonly registryName?: string;
  readonly title?: string;
  readonly description?: string;
  readonly homepage?: string;
  readonly repository?: Repository;
  readonly packages: readonly PackageRef[];
  readonly remotes: readonly RemoteRef[];
  readonly status: ListingStatus;
  /** What a person noted in a list of ours. */
  readonly note?: string;
}

/** The kinds of address under which a server is known. Slugs are aliases too, so that an old one still answers. */
export const ALIAS_KINDS = ['purl', 'repository', 'registry', 'remote', 'slug'] as const;
export type AliasKind = (typeof ALIAS_KINDS)[number];

export interface Alias {
  readonly kind: AliasKind;
  readonly key: string;
}

/** One server, merged from its sightings. `id` never changes; `slug` may, and then the old one stays an alias. */
export interface Server {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly homepage?: string;
  readonly repository?: Repository;
  readonly packages: readonly PackageRef[];
  readonly remotes: readonly RemoteRef[];
}

/** Two sightings found to be of one server, and the address that says so: `<kind>:<key>`. */
export interface Link {
  readonly address: string;
  readonly sightings: readonly [Sighting, Sighting];
}

/** Sightings of one server: which addresses are its own, and what holds it together. */
export interface SightingGroup {
  readonly sightings: readonly Sighting[];
  readonly aliases: readonly Alias[];
  readonly links: readonly Link[];
}
