/** A repository as a source names it; `subfolder` where one repository holds several servers. */
export interface Repository {
  readonly url: string;
  readonly subfolder?: string;
  /** The forge's own number for it, which survives renames. */
  readonly forgeId?: string;
  /** Addresses that led here by the forge's own word: names it had before. */
  readonly formerly?: readonly string[];
}

/** What a forge says of a repository. Numbers that change daily stay out, so that a quiet night changes nothing. */
export interface ForgeFacts {
  readonly archived?: boolean;
  /** Switched off by the forge, for want of payment or for abuse. */
  readonly disabled?: boolean;
  /** The address of the repository that it is a fork of, or of the one that it mirrors. */
  readonly forkOf?: string;
  readonly mirrorOf?: string;
  /** Rounded down to one digit and its zeros. */
  readonly stars?: number;
  /** SPDX identifier, as the forge recognised it. */
  readonly license?: string;
  readonly topics?: readonly string[];
}

/** That a publisher is who the listing says, and by what. */
export interface Verified {
  /** An account (`github.com/owner`), a domain (`acme.com`), or the name that the source gives it. */
  readonly publisher: string;
  /**
   * `account`: the registry lets only who signs in to that account publish under the name; `domain`: only who controls
   * that domain; `badge`: the source says so, and how it found out is its own affair.
   */
  readonly proof: 'account' | 'domain' | 'badge';
}

/** An argument or environment variable that a listing or a manifest says the server takes. */
export interface Input {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly secret?: boolean;
  readonly default?: string;
  readonly choices?: readonly string[];
  /** What its value is, where that is no plain text: `number`, `boolean`, `filepath`. */
  readonly format?: string;
}

/** An argument of a command line as a publisher typed it. A value in braces is for the user to fill in. */
export interface Argument extends Omit<Input, 'name'> {
  readonly type: 'positional' | 'named';
  /** The flag with its dashes; positional ones have none. */
  readonly name?: string;
  readonly value?: string;
  /** What stands for the value in a usage line. */
  readonly hint?: string;
  readonly repeated?: boolean;
}

export const TRANSPORTS = ['stdio', 'streamable-http', 'sse'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** A package that a sighting names. `purl` is versionless; `version` is what the listing says, if it says one. */
export interface PackageRef {
  readonly purl: string;
  readonly version?: string;
  readonly env?: readonly Input[];
  /** Literal arguments to pass, in order. */
  readonly args?: readonly string[];
  /** All arguments that the publisher names, fixed or not: the program's own, and those of what runs it. */
  readonly arguments?: readonly Argument[];
  readonly runtimeArguments?: readonly Argument[];
  /** The program that the publisher means to run it with: `npx`, `uvx`, `docker`, `dnx`. */
  readonly runtimeHint?: string;
  /** How it talks once started; stdio where nothing is said. */
  readonly transport?: Transport;
  /** SHA-256 that the listing gives for the file, in lower-case hex. */
  readonly sha256?: string;
}

export interface RemoteRef {
  readonly type: Exclude<Transport, 'stdio'>;
  readonly url: string;
  /** Headers that it wants, and what the braces in its address stand for. */
  readonly headers?: readonly Input[];
  readonly variables?: readonly Input[];
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
  /** What the forge says of `repository`, where the source is the forge. */
  readonly forge?: ForgeFacts;
  readonly verified?: Verified;
  /**
   * Names of the official registry that the listed package says are its own (npm `mcpName`, `mcp-name:` in a README, a
   * label of an image). Only from what was read of the package itself; empty where it names none.
   */
  readonly bears?: readonly string[];
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
