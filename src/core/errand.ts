/** What a command may reach, and how: places of the operator's choice, by the operator's own way out. */
export interface Reach {
  /** `host:port` of each. */
  readonly hosts: readonly string[];
  /** Addresses of the operator's proxies for plain and for secure requests, and hosts that need none, as npm writes them. */
  readonly proxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  readonly noProxy?: string | undefined;
}

/** A command of ours that handles what strangers made: an installer. `node` and `python3` mean the sandbox's own. */
export interface Errand {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Folders of this machine, by the path at which they are seen; readable, or writable too. */
  readonly reads: Readonly<Record<string, string>>;
  readonly writes: Readonly<Record<string, string>>;
  /** Texts to see as files, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** The folder that it is started in, by its path inside. */
  readonly cwd: string;
  readonly reach: Reach;
  /** Milliseconds until it is killed. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** Asked now and then; once it says yes the command is killed as `too-large`. */
  readonly isTooLarge: () => Promise<boolean>;
}

/** How one ended. `stopped`: it was ended before its time, and why. */
export interface ErrandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly stopped?: 'timeout' | 'aborted' | 'too-large' | 'memory';
  /** `host:port` of what it wanted to reach and was not let through to. */
  readonly refused: readonly string[];
}

/** Runs a command in a sandbox of its own, which reaches what the errand names and nothing else. */
export type Confine = (errand: Errand) => Promise<ErrandEnd>;

/** `host:port` of an address, as a `Reach` lists it. */
export function placeOf(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
}
