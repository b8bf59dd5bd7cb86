import type { EngineName } from '#core/engine.ts';
import type { Confine } from '#core/errand.ts';
import type { Http } from '#core/http.ts';
import type { Artefact, Launch } from '#domain/launch.ts';
import type { PackageRef } from '#domain/server.ts';
import type { SharedTrees } from './shared/shared.ts';

/** Why a package is not to be had. An outcome like any other: it is stored. */
export interface Unavailable {
  readonly phase: 'resolve' | 'install';
  /** A short stable word: `not-found`, `no-version`, `integrity`, `git-dependency`, `too-large`, `timeout`, `network`, … */
  readonly reason: string;
  /** The reason in a sentence. */
  readonly detail: string;
  /** Another try soon may go better. */
  readonly temporary: boolean;
}

/** An installed package with its dependencies, complete and readable by every user of this machine. */
export interface Installed {
  /** Absolute path of the folder that holds `node_modules`. */
  readonly tree: string;
  readonly bytes: number;
  /** It was there already. */
  readonly reused: boolean;
  /** It was installed in a sandbox that reaches the registry only; absent where this machine itself installed it. */
  readonly confined?: true;
}

export interface ResolveOptions {
  /** Folder of Plimsoll's own files: the package cache lies here. */
  readonly home: string;
  /** Registry to use instead of the one that the operator's npm configuration names. */
  readonly registry?: string | undefined;
  /** Index of Python packages to use instead of pypi.org: the address under which its simple API lies. */
  readonly pythonIndex?: string | undefined;
  /** Python packages that come as source may be built, in the sandbox in which they are installed. */
  readonly builds?: boolean | undefined;
  /** Where images are: the engine to ask, those that run packages of other kinds, and whether it may fetch what it lacks. */
  readonly containers?:
    | {
        readonly engine: EngineName | 'auto';
        readonly images: Readonly<Record<string, string>>;
        readonly pull: boolean;
      }
    | undefined;
  /** For tests, whose servers are here: addresses that listings name may be of this machine's loopback. */
  readonly allowLoopback?: boolean | undefined;
  /** Client for what is asked of hosts by us; one of its own where there is none. */
  readonly http?: Http | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface InstallOptions extends ResolveOptions {
  /** Folder for installed trees that the sandbox's user can reach. */
  readonly stage: string;
  /** Runs installers in a sandbox of their own; without it they run on this machine, and nothing that they fetch does. */
  readonly confine?: Confine | undefined;
  /** Trees that workers on other machines installed; without it each machine installs its own. */
  readonly shared?: SharedTrees | undefined;
}

/**
 * One way to get at servers of one package type. The steps are apart so that a night asks `current` of every package
 * and goes on only where the answer has changed.
 */
export interface Resolver {
  readonly id: string;
  /** The type of purl that it takes. */
  readonly purlType: string;
  /**
   * The exact version that the reference means today, and its hash: one small conditional request.
   * A reference without a version means the one that is installed when none is asked for.
   */
  current(ref: PackageRef, options: ResolveOptions): Promise<Artefact | Unavailable>;
  /** Installs exactly that version with its dependencies, hashes checked, without running any of their code. */
  install(artefact: Artefact, options: InstallOptions): Promise<Installed | Unavailable>;
  /** Fetches the package, with no dependencies but its makers' own, to read it: where there is no sandbox to start it in. */
  fetchPackage(artefact: Artefact, options: InstallOptions): Promise<Installed | Unavailable>;
  /** Ways to start what lies in `tree`, best first; none where it holds no program. */
  launches(artefact: Artefact, tree: string, ref: PackageRef): Promise<readonly Launch[]>;
  /** What only the package itself in `tree` tells of it: names that it says are its own, its licence. */
  tells?(artefact: Artefact, tree: string): Promise<Pick<Artefact, 'bears' | 'license'> | undefined>;
}

/** Tells an answer from a refusal. */
export function isUnavailable(answer: object): answer is Unavailable {
  return 'temporary' in answer && 'reason' in answer;
}
