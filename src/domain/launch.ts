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
  /** Commit of its repository from which its makers say that it was published; nobody proves it. */
  readonly commit?: string;
  /** Names of the official registry that it says are its own; absent where it was not read for them. */
  readonly bears?: readonly string[];
}

/**
 * What runs a program: `node` a JavaScript file of the tree, `python` a Python file of it, `native` a file of it that
 * runs by itself, `image` a container image's own entry point, `command` a program of a container image.
 */
export const RUNTIMES = ['node', 'python', 'native', 'image', 'command'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/**
 * A way to start a server that is installed in `tree`, or that an image holds.
 * `args` follow `entry`; `inputs` are the variables that manifest, README or source name.
 */
export interface Launch {
  readonly resolver: string;
  readonly artefact: Artefact;
  readonly runtime: Runtime;
  /** Container image to run it in, with its digest where that is known; else the driver's own. */
  readonly image?: string;
  /** Absolute path of the installed tree on this machine; readable by the sandbox's uid. Empty where an image is all. */
  readonly tree: string;
  /** Path of the program inside the tree, with forward slashes; the program's name for `command`, empty for `image`. */
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
  /** Names of what a sandbox should hold and this one did not on that machine; absent where it held all. */
  readonly unheld?: readonly string[];
  /** What was put beside it that may change what it shows, such as a network that is made up; absent where nothing was. */
  readonly aids?: readonly string[];
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
  /** Most resident memory that it and what it started held, in bytes, where that can be told. */
  readonly peakMemory?: number;
  /** Where it wanted to connect to; the sandbox has no network. */
  readonly egress?: readonly Egress[];
  readonly ms: number;
}

/** A connection or look-up that a server tried while it was being listed. */
export interface Egress {
  readonly host: string;
  readonly port?: number;
}

/** A tool that shows only where some of these variables or arguments are given. Names of variables, never values. */
export interface Gate {
  readonly tool: string;
  readonly env: readonly string[];
  readonly args: readonly string[];
  /** Where giving them hides the tool instead. */
  readonly hides?: true;
}

/** What a server that wants credentials advertises of how to get them (RFC 9728, RFC 8414). */
export interface Authorization {
  readonly servers: readonly string[];
  readonly scopes: readonly string[];
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
  /** How the tools are known: by the protocol's own list, or from the server's own handler, called in its process. */
  readonly provenance?: 'listed' | 'hook';
  /** Prompts, resources and resource templates as it lists them. */
  readonly prompts?: readonly JsonObject[];
  readonly resources?: readonly JsonObject[];
  readonly gates?: readonly Gate[];
  /** Tokens (o200k_base) that the tool list costs an agent that loads it. */
  readonly tokens?: number;
  /** Address of the remote server that was asked, where it was one. */
  readonly remote?: string;
  readonly authorization?: Authorization;
  readonly ms: number;
}
