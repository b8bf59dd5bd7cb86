import type { Artefact, Enumeration, Launch, Phase } from '#domain/launch.ts';
import type { PackageRef } from '#domain/server.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { enumerate } from '#enumerate/enumerate.ts';
import type { Era } from '#enumerate/handshake.ts';
import { LIMITS } from '#enumerate/limits.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import { type InstallOptions, isUnavailable, type Resolver } from '#launch/resolver.ts';
import { extractTools } from '#launch/static/extract.ts';

/** What came of one server: where it came from, how it was started, what it listed. */
export interface Reached {
  readonly artefact: Artefact;
  readonly launch?: Launch;
  readonly enumeration: Enumeration;
  /** Read from its source, only where it did not list. */
  readonly staticTools: readonly ToolDefinition[];
  /** Another try soon may go better. */
  readonly temporary: boolean;
}

/** An enumeration that ended before anything was started. */
export function ended(phase: Phase, reason: string, detail: string, ms = 0): Enumeration {
  return { outcome: 'failed', phase, reason, detail, wants: [], tools: [], rejections: [], attempts: [], ms };
}

/**
 * Installs a package, starts it in the sandbox in every way that it offers until it lists its tools, and reads its
 * source where it does not. Without a sandbox nothing of it runs and its source is all there is.
 */
export async function reach(
  asked: Artefact,
  ref: PackageRef,
  resolver: Resolver,
  options: InstallOptions & {
    readonly sandbox: Sandbox | undefined;
    readonly stop: AbortSignal;
    /** How the server wanted to be greeted the last time. */
    readonly era?: Era | undefined;
    /** Variables with values of the user's own, for every start. */
    readonly env?: Readonly<Record<string, string>> | undefined;
  },
): Promise<Reached> {
  const began = performance.now();
  const { sandbox, stop } = options;
  const install = { ...options, signal: stop };
  let got = await (sandbox ? resolver.install(asked, install) : resolver.fetchPackage(asked, install));
  stop.throwIfAborted();
  // What this machine cannot run, or what lacks a dependency, can be read all the same.
  const refusal = sandbox && isUnavailable(got) && !got.temporary ? got : undefined;
  if (refusal) {
    const read = await resolver.fetchPackage(asked, install);
    stop.throwIfAborted();
    if (!isUnavailable(read)) got = read;
  }
  if (isUnavailable(got)) {
    const enumeration = ended(got.phase, got.reason, got.detail, performance.now() - began);
    return { artefact: asked, enumeration, staticTools: [], temporary: got.temporary };
  }
  const artefact = { ...asked, ...(await resolver.tells?.(asked, got.tree)) };
  const launches = sandbox && !refusal ? await resolver.launches(artefact, got.tree, ref) : [];
  let [launch, enumeration]: [Launch | undefined, Enumeration] = [
    undefined,
    refusal ? ended(refusal.phase, refusal.reason, refusal.detail) : unstarted(sandbox, launches),
  ];
  const left = { attempts: LIMITS.attempts, total: LIMITS.total, cpuTime: LIMITS.cpuTime };
  for (const way of launches) {
    if (!sandbox?.runs.includes(way.runtime)) continue;
    // The bounds are for the package, however many ways of starting it there are.
    if (Math.min(left.attempts, left.total, left.cpuTime) <= 0) break;
    const spent = (cpuTime: number) => {
      left.cpuTime -= cpuTime;
    };
    const found = await enumerate(way, sandbox, {
      stop,
      stage: options.stage,
      limits: { ...left },
      era: options.era,
      env: options.env,
      spent,
    });
    left.attempts -= found.attempts.length;
    left.total -= found.ms;
    // The first way is the one that the package means; a later one counts only if it lists.
    if (!launch || found.outcome === 'listed') [launch, enumeration] = [way, found];
    if (found.outcome === 'listed') break;
  }
  // What only an image holds cannot be read from here.
  const unread = enumeration.outcome === 'listed' || got.tree === '';
  const staticTools = unread ? [] : (await extractTools(got.tree, artefact, { signal: stop })).tools;
  return {
    artefact,
    ...(launch && { launch }),
    enumeration: { ...enumeration, ms: performance.now() - began },
    staticTools,
    temporary: false,
  };
}

/** Why nothing was started, as long as nothing was. */
function unstarted(sandbox: Sandbox | undefined, launches: readonly Launch[]): Enumeration {
  if (!sandbox) return ended('sandbox', 'no-sandbox', 'No sandbox passed its self-test, so nothing was started.');
  const [way] = launches;
  return way
    ? ended('sandbox', 'runtime', `The sandbox ${sandbox.id} cannot start a program of the kind '${way.runtime}'.`)
    : ended('start', 'no-program', 'The package holds no program to start.');
}
