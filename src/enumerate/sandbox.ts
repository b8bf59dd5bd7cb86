import type { Readable, Writable } from 'node:stream';
import type { Settings } from '#config.ts';
import type { Runtime } from '#domain/launch.ts';
import type { Aid } from './aids.ts';
import type { Limits } from './limits.ts';

/** A program to start in a sandbox, with this environment and nothing else. `entry` and `image` as in `Launch`. */
export interface Program {
  readonly runtime: Runtime;
  /** Absolute path of a folder that the sandbox's uid can read. */
  readonly tree: string;
  readonly entry: string;
  readonly image?: string;
  /** What is put beside it; see there. */
  readonly aids?: readonly Aid[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Why the sandbox ended a program. */
export type Stopped = 'memory' | 'disk';

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set where a limit of the sandbox ended it. */
  readonly stopped?: Stopped;
}

/** A program running in a sandbox. */
export interface Running {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves once nothing of it is left; never rejects. */
  readonly ended: Promise<Ending>;
  /** Paths of this machine that it may see, the longest first, and what is to stand in their place in all it says. */
  readonly places: readonly (readonly [path: string, name: string])[];
  /** Ends it and every process that it started. */
  kill(): void;
  /** CPU time that it used so far in milliseconds, where that can be told. */
  cpuTime(): number | undefined;
  /** Most memory that it held at once so far in bytes, where that can be told. */
  peakMemory(): number | undefined;
}

/** What a good sandbox holds. The self-test tries each from inside; a driver says how it holds it, or that it does not. */
export const GUARANTEES = {
  'no-dns': 'names of other machines cannot be looked up',
  'no-host-loopback': "the host's own loopback cannot be reached",
  'no-vsock': 'no socket to the machine that hosts this one',
  'clean-environment': 'nothing of the environment of the crawler is there',
  'home-unreadable': "the operator's files cannot be read",
  'proc-sys-read-only': 'settings of the kernel cannot be written',
  'forks-stopped': 'processes are bounded in number',
  'memory-stopped': 'memory is bounded',
  'writes-confined': 'nothing outside its own scratch folders can be written',
  'disk-bounded': 'what it may write is bounded in size',
  'no-nested-namespaces': 'it cannot make namespaces of its own',
  'dies-with-parent': 'nothing is left of it two seconds after the crawler is killed',
} as const;
export type GuaranteeId = keyof typeof GUARANTEES;

/** One driver, a file in `sandboxes/`. */
export interface Sandbox {
  readonly id: string;
  readonly title: string;
  /** `auto` takes the strongest that can be used. */
  readonly strength: number;
  /** The kinds of program that it can start. */
  readonly runs: readonly Runtime[];
  /** How each guarantee is held; one that is missing here is not held and not tested. */
  readonly holds: Readonly<Partial<Record<GuaranteeId, string>>>;
  /** What of it decides results: flags and limits, hashed. */
  profile(limits: Limits): string;
  /** Why it cannot be used here and what to install, or undefined. Cheap. */
  refuses(): Promise<string | undefined>;
  /** Starts a program. Rejects only where the sandbox itself cannot be set up. */
  start(program: Program, limits: Limits, stage: string): Promise<Running>;
  /** The same driver as an operator's settings want it, where it heeds any. */
  configured?(settings: SandboxSettings): Sandbox;
  /** The settings that it was configured with. */
  readonly settings?: SandboxSettings;
  /** How many programs with this among their arguments still run, where this machine's list of processes may not tell. */
  remains?(argument: string): Promise<number>;
}

/** What a sandbox should hold and this one does not, by name: it stands with every result made under it. */
export function unheld({ holds }: Pick<Sandbox, 'holds'>): readonly GuaranteeId[] {
  return (Object.keys(GUARANTEES) as GuaranteeId[]).filter((name) => holds[name] === undefined);
}

/** The settings that a driver may need. */
export type SandboxSettings = Pick<Settings, 'containerEngine' | 'containerImage'>;
