import { delimiter } from 'node:path';
import type { Settings } from '#config.ts';
import { whyBlocked } from '#core/blocked.ts';
import type { Guard } from '#core/public-address.ts';
import type { Artefact } from '#domain/launch.ts';
import type { PackageRef } from '#domain/server.ts';
import { enumerateRemote } from '#enumerate/remote/remote.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import { resolverFor } from '#launch/launch.ts';
import { localResolver } from '#launch/local.ts';
import { type InstallOptions, isUnavailable, type Resolver } from '#launch/resolver.ts';
import type { Surroundings } from '#world.ts';
import type { Seen } from '../judged.ts';
import { ended, reach } from '../reach.ts';
import { userAgent } from '../user-agent.ts';
import type { Plan } from './plan.ts';

/** What looking at servers needs. `sandbox` is absent where none can be used: then nothing is started. */
export interface Looking extends Pick<Surroundings, 'blocked' | 'stop'> {
  readonly settings: Settings;
  readonly resolvers: readonly Resolver[];
  readonly sandbox: Sandbox | undefined;
  readonly installing: InstallOptions;
  readonly home: string;
  readonly path: string;
  /** For tests, whose remote servers are here. */
  readonly guard?: Guard;
}

/** What came of one plan. */
export interface Looked extends Seen {
  readonly artefact?: Artefact;
}

/** Carries a plan out: in a sandbox or, where the server runs elsewhere, by asking it. However it ends, the end is data. */
export async function look(plan: Plan, looking: Looking): Promise<Looked> {
  const { way } = plan;
  const unseen = (reason: string, detail: string): Looked => ({
    enumeration: ended('resolve', reason, detail),
    staticTools: [],
  });
  if (way.kind === 'unknown') return unseen('not-understood', way.why);
  if (way.kind === 'remote') {
    if (looking.settings.remotes === 'leave') return unseen('left', 'Servers that run elsewhere are left alone.');
    const why = whyBlocked(looking.blocked, [`remote:${way.remote.url}`]);
    if (why !== undefined) return unseen('blocked', why);
    const { card, ...enumeration } = await enumerateRemote(way.remote, {
      ...looking.guard,
      stop: looking.stop,
      userAgent: userAgent(looking.settings),
      ownHeaders: plan.headers,
      ownHosts: plan.ownHosts,
    });
    return { enumeration, staticTools: card?.tools ?? [] };
  }
  if (way.kind === 'package') {
    const why = whyBlocked(looking.blocked, [`purl:${way.ref.purl}`]);
    if (why !== undefined) return unseen('blocked', why);
    const resolver = resolverFor(way.ref.purl, looking.resolvers);
    return resolver
      ? launch(way.ref, resolver, plan, looking)
      : unseen('no-resolver', 'It is a package of a kind that cannot be launched.');
  }
  const { runtime, file, args } = way;
  await using resolver = localResolver({
    ...(runtime && { runtime }),
    file,
    args,
    folder: plan.folder,
    path: looking.path.split(delimiter),
    home: looking.home,
  });
  const env = plan.names.map((name) => ({ name }));
  return await launch({ purl: 'pkg:generic/local', args, env }, resolver, plan, looking);
}

async function launch(ref: PackageRef, resolver: Resolver, plan: Plan, looking: Looking): Promise<Looked> {
  const { installing, stop, sandbox } = looking;
  const options = { ...installing, signal: stop };
  const current = await resolver.current(ref, options);
  stop.throwIfAborted();
  if (isUnavailable(current))
    return { enumeration: ended(current.phase, current.reason, current.detail), staticTools: [] };
  return reach(current, ref, resolver, { ...options, sandbox, stop, env: plan.env });
}
