/** Bounds on one visit. Times in milliseconds, sizes in bytes. Figures measured on 33 servers (sandbox.md §1.4, §5). */
export interface Limits {
  readonly memory: number;
  /** Processes and threads of the server together. */
  readonly pids: number;
  readonly cpus: number;
  /** Each of /tmp and the home folder. */
  readonly disk: number;
  readonly files: number;
  /** Until the handshake is answered. */
  readonly init: number;
  /** Silence to `server/discover` before a server is asked to initialize as well, and then before it is given up. */
  readonly probe: number;
  /** Until the whole list is there. */
  readonly list: number;
  /** Until prompts and resources are there; they are listed at once. */
  readonly asides: number;
  /** One attempt from start to end. */
  readonly attempt: number;
  /** All attempts of a package. */
  readonly total: number;
  readonly attempts: number;
  /** CPU time of all attempts of a package. */
  readonly cpuTime: number;
  readonly stdout: number;
  readonly stderr: number;
  /** Lines on standard output, messages or not. */
  readonly lines: number;
  readonly toolBytes: number;
  /** Each of what a server says of itself: its name, its capabilities, its instructions. */
  readonly factBytes: number;
  readonly pages: number;
  readonly tools: number;
  /** Prompts, resources and templates, each; and what all of a kind may weigh. */
  readonly asideItems: number;
  readonly asideBytes: number;
  readonly nameLength: number;
  /** Levels of objects and arrays within a tool. */
  readonly depth: number;
}

const MB = 1024 * 1024;

export const LIMITS: Limits = {
  memory: 768 * MB,
  pids: 128,
  cpus: 1.5,
  disk: 64 * MB,
  files: 512,
  init: 15_000,
  probe: 3_000,
  list: 10_000,
  asides: 5_000,
  attempt: 45_000,
  total: 120_000,
  attempts: 8,
  cpuTime: 60_000,
  stdout: 16 * MB,
  stderr: 2 * MB,
  lines: 5000,
  toolBytes: MB,
  factBytes: MB / 16,
  pages: 50,
  tools: 5000,
  asideItems: 1000,
  asideBytes: MB,
  nameLength: 1000,
  depth: 64,
};

/** The same with all that a package may use: what is left of it for one way of starting it decides no result. */
export function withWholeBounds(limits: Limits): Limits {
  const { attempts, total, cpuTime } = LIMITS;
  return { ...limits, attempts, total, cpuTime };
}
