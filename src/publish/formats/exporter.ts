import { join } from 'node:path';
import { plugins } from '#core/plugins.ts';
import type { Approval, Limit, Policy } from '#domain/policy.ts';

/** What a format can say. What it cannot is downgraded by `downgrade`, always towards less. */
export interface Abilities {
  /** Whether it can name a tool as usable without a question. */
  readonly allow: boolean;
  /** The limits it counts for one tool; scopes that it narrows (everybody's counter for each one's) included. */
  readonly limit: false | LimitAbility;
  /** Whose yes it can wait for; empty where it has no asking. */
  readonly approve: readonly Approval['by'][];
  readonly deny: boolean;
  /** Whether a denied tool can vanish from the list of tools. */
  readonly hide: boolean;
  /** What happens to a tool that the file does not name. */
  readonly unlisted: 'deny' | 'ask';
  /** Conditions on arguments; `lists`: also on each value of a list, and how many it has. */
  readonly arguments: readonly ('require' | 'deny_if' | 'lists')[];
  /** Whether it holds a rule to the definition that it was written for. */
  readonly pin: boolean;
}

export interface LimitAbility {
  readonly windows: readonly Limit['window'][];
  readonly scopes: readonly Limit['scope'][];
  /** Whether one tool may have several. */
  readonly several: boolean;
  /** Why less than the limit is let through, where the format's own way of counting would let more through. */
  readonly stricter?: string;
}

/** Something of the policy that the written file does not say. */
export interface Loss {
  readonly server: string;
  /** The tool's name, or `*` for all of the server. */
  readonly tool: string;
  readonly lost: 'allow' | 'limit' | 'approve' | 'deny' | 'hide' | 'default-deny' | 'arguments' | 'pin' | 'name';
  /** What the file says instead. */
  readonly became: 'allow' | 'ask' | 'deny' | 'unchecked' | 'stricter';
  readonly why: string;
}

export interface WriteOptions {
  /** Losses that the user takes open: a limited tool stays allowed where the format cannot count. */
  readonly acceptLoss?: readonly 'limit'[];
  /** Names of servers in the file by slug, where more servers than these must be told apart. */
  readonly labels?: ReadonlyMap<string, string>;
}

export interface Exported {
  /** File names are safe on every disk and unique; one policy gives one file. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly losses: readonly Loss[];
}

/** A policy in a format tool by tool. */
export interface Entries {
  /** What becomes of one tool that the policy names; what the whole file loses is told of the format. */
  lossesOf(tool: string): readonly Loss[];
  /**
   * What a tool alone adds to a file, to be merged into what is there; undefined where it needs no line, or where the
   * format would misread its name.
   */
  of(tool: string): string | undefined;
}

/** Writes policies in the words of one gateway. One file each in `exporters/`; the id is the file's name. */
export interface Exporter {
  readonly id: string;
  readonly title: string;
  readonly mediaType: string;
  readonly can: Abilities;
  /** Where the file goes, how it is loaded, and how to see it bite: a sentence each. */
  readonly where: string;
  readonly load: string;
  readonly check: string;
  /** What `write` would lose, without spelling anything: pages say it of every server. */
  losses(policies: readonly Policy[], options?: WriteOptions): readonly Loss[];
  /** For formats of clients that most people have: each tool of a policy by itself, as tool pages show it. */
  entries?(policy: Policy): Entries;
  /** The same bytes for the same policies, at least one. Throws where the result would not be valid in its own format. */
  write(policies: readonly Policy[], options?: WriteOptions): Exported;
}

/** All exporters by id, in order of id. */
export async function loadExporters(): Promise<ReadonlyMap<string, Exporter>> {
  const all = await plugins<Exporter>(join(import.meta.dirname, '../exporters'));
  return new Map(all.map((exporter) => [exporter.id, exporter]));
}
