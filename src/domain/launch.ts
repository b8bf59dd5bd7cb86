import type { Input } from './server.ts';
import type { JsonObject, ToolDefinition } from './tool.ts';

/** Exactly one published package: what it is called, which version, and the hash of its bytes. */
export interface Artefact {
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  /** Subresource integrity string (`sha512-…`) as the registry states it and the download proved it. */
  readonly integrity: string;
  readonly license?: string;
  /** ISO date on which this version was published, where the registry says so. */
  readonly publishedAt?: string;
}

/**
 * A way to start a server that is installed in `tree`.
 * `entry` is a file under the tree, `args` follow it; `inputs` are the variables that manifest, README or source name.
 */
export interface Launch {
  readonly resolver: string;
  readonly artefact: Artefact;
  /** Absolute path of the installed tree on this machine; readable by the sandbox's uid. */
  readonly tree: string;
  /** Path of the program inside the tree, with forward slashes. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly inputs: readonly Input[];
}

/** Where an attempt or a whole enumeration stopped. */
export const PHASES = ['resolve', 'install', 'sandbox', 'start', 'handshake', 'list'] as const;
export type Phase = (typeof PHASES)[number];

/** How an enumeration ended. A failure is an outcome like any other and is stored. */
export const OUTCOMES = ['listed', 'wants-credentials', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What was around a server when it was listed: another context may show other tools. Names of variables, never values. */
export interface LaunchContext {
  readonly args: readonly string[];
  readonly envNames: readonly string[];
  readonly sandbox: string;
  /** Hash of the sandbox's limits and flags. */
  readonly profile: string;
}

/** One start of a server and what came of it. */
export interface Attempt {
  /** The rung of the ladder: what was tried beyond an empty environment (S0, S1, …). */
  readonly rung: string;
  readonly context: LaunchContext;
  readonly outcome: 'listed' | 'failed';
  readonly phase?: Phase;
  /** A short stable word: `exited`, `timeout`, `oom`, `flood`, `protocol`, `too-many-pages`, … */
  readonly reason?: string;
  /** The reason in a sentence, with secrets removed. */
  readonly detail?: string;
  /** Last lines of the server's stderr: control characters, paths of this machine and secrets removed. */
  readonly stderr?: string;
  readonly protocolVersion?: string;
  readonly toolCount?: number;
  readonly ms: number;
}

/** A tool that a server listed but that is no valid definition. It costs the others nothing. */
export interface Rejection {
  readonly index: number;
  readonly name?: string;
  readonly reason: string;
}

/** What one visit to one server brought. */
export interface Enumeration {
  readonly outcome: Outcome;
  readonly phase?: Phase;
  readonly reason?: string;
  readonly detail?: string;
  /** Names of the variables that the server asked for, where that is why it did not list. */
  readonly wants: readonly string[];
  readonly tools: readonly ToolDefinition[];
  readonly rejections: readonly Rejection[];
  readonly attempts: readonly Attempt[];
  /** Context, protocol and server facts of the attempt that listed. */
  readonly context?: LaunchContext;
  readonly protocolVersion?: string;
  readonly serverInfo?: JsonObject;
  readonly capabilities?: JsonObject;
  readonly instructions?: string;
  readonly ms: number;
}
