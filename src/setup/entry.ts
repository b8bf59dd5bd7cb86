import type { Place } from './node.ts';

/** How a configuration starts a server or reaches it; texts as they stand there, with variables to be filled in. */
export type Start =
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: ReadonlyMap<string, string>;
      readonly cwd?: string;
    }
  | {
      readonly kind: 'remote';
      readonly type: 'streamable-http' | 'sse';
      readonly url: string;
      readonly headers: ReadonlyMap<string, string>;
    }
  /** An entry that says neither, and why that may be so. */
  | { readonly kind: 'neither'; readonly why: string };

/**
 * Whose word a file is: the user's own, one that came with a workspace (and so perhaps with a stranger's repository), or
 * one that was named by hand.
 */
export type Scope = 'user' | 'workspace' | 'given';

/** One server in a configuration. Names and texts are a stranger's as long as nobody has read them. */
export interface Entry extends Place {
  readonly client: string;
  readonly file: string;
  readonly scope: Scope;
  /** Its name there: what the client calls it. */
  readonly name: string;
  /** The project that it is for, where one file has those of many. */
  readonly project?: string;
  /** Keys that lead to it in the file; numbers in lists. */
  readonly path: readonly (string | number)[];
  /** Switched off: the client would not start it. */
  readonly disabled: boolean;
  readonly start: Start;
}
