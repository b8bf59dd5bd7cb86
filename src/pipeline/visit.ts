import { whyBlocked } from '#core/blocked.ts';
import { Later } from '#core/errors.ts';
import type { Outcome } from '#domain/launch.ts';
import type { RemoteRef } from '#domain/server.ts';
import { type Era, eraOf } from '#enumerate/handshake.ts';
import type { RemoteEnumeration } from '#enumerate/remote/remote.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import { type InstallOptions, isUnavailable, type Resolver } from '#launch/resolver.ts';
import type { Taken } from '#queue/queue.ts';
import { beforeVisit } from '#store/visit/before-visit.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { markUnchanged } from '#store/visit/servers.ts';
import type { World } from '#world.ts';
import { type Asked, asker, candidatesOf, isUnchanged } from './candidates.ts';
import { nextDue } from './plan/freshness.ts';
import { ended, type Reached, reach } from './reach.ts';
import type { ServerOutcome } from './summary.ts';

/** What visits need beside the world. `sandbox` is absent where none passed its self-test. */
export interface Visiting {
  readonly resolvers: readonly Resolver[];
  readonly sandbox: Sandbox | undefined;
  readonly stage: string;
  /** Where packages come from and how they are installed. */
  readonly installing: InstallOptions;
  /** Asks a server that runs elsewhere; absent where those are not to be asked. */
  readonly askRemote?: (
    remote: RemoteRef,
    options: { readonly stop: AbortSignal; readonly era?: Era | undefined },
  ) => Promise<RemoteEnumeration>;
  /** Launch whether or not anything changed. */
  readonly force: boolean;
}

/**
 * One visit to one server: asks for its newest version, and launches it if that, the sandbox or its due date says so.
 * Goes through its packages and remote addresses until one lists. Stores what came of it and returns it; undefined where
 * the server is gone. Throws `Later` for what may pass.
 */
export async function visitServer(
  world: Pick<World, 'db' | 'settings' | 'stop' | 'now' | 'blocked'>,
  visiting: Visiting,
  job: Pick<Taken, 'subject' | 'run' | 'last'>,
): Promise<ServerOutcome | undefined> {
  const { db, stop } = world;
  const known = await beforeVisit(db, job.subject);
  if (!known || known.server.mergedInto !== null) return undefined;
  const { server, last } = known;
  const sandbox = visiting.sandbox?.id ?? 'none';
  const { resolvers, askRemote } = visiting;
  const blocked = whyBlocked(world.blocked, [...known.addresses, `slug:${server.slug}`]);
  // Nothing of what is blocked is asked for, not even its version.
  const candidates = blocked === undefined ? candidatesOf(server, { resolvers, remotes: askRemote !== undefined }) : [];
  const options = { ...visiting.installing, signal: stop };
  const at = asker(candidates, options);

  if (last && last.sandbox === sandbox && server.enumerateDue > world.now() && !visiting.force)
    if (await isUnchanged(last, candidates, at)) {
      await markUnchanged(db, server.id, world.now());
      return { server: server.id, outcome: 'unchanged', phase: null, reason: null };
    }

  let best: Visited | undefined;
  const asked: string[] = [];
  for (const index of candidates.keys()) {
    const one = await at(index);
    asked.push(one.key);
    // Another version may speak another protocol.
    const protocol = last?.asked?.includes(one.key) ? (last.protocolVersion ?? undefined) : undefined;
    const found = await visitCandidate(one, visiting, { ...options, stop, era: eraOf(protocol) });
    if (found.temporary && !job.last) throw new Later(found.enumeration.detail ?? 'try again');
    best = better(best, found);
    if (found.enumeration.outcome === 'listed') break;
  }
  const none =
    blocked === undefined
      ? ended('resolve', 'no-resolver', 'It has no package of a kind that can be launched.')
      : ({ ...ended('resolve', 'blocked', blocked), outcome: 'refused' } as const);
  const { enumeration, temporary, artefact, launch, staticTools } = best ?? {
    enumeration: none,
    temporary: false,
    staticTools: [],
  };
  const now = world.now();
  await recordVisit(db, {
    serverId: server.id,
    sandbox,
    ...(job.run !== undefined && { runId: job.run }),
    asked,
    at: now,
    enumeration,
    staticTools,
    due: nextDue(server, enumeration.outcome, temporary, now),
    ...(artefact && { artefact }),
    ...(launch && { launch }),
  });
  const { outcome, phase, reason } = enumeration;
  return {
    server: server.id,
    outcome,
    phase: phase ?? null,
    reason: reason ?? null,
    ...(staticTools.length > 0 && { static: staticTools.length }),
  };
}

type Visited = Omit<Reached, 'artefact'> & Partial<Pick<Reached, 'artefact'>>;

async function visitCandidate(
  { candidate, current }: Asked,
  { sandbox, askRemote }: Visiting,
  options: InstallOptions & { readonly stop: AbortSignal; readonly era: Era | undefined },
): Promise<Visited> {
  if (candidate.kind === 'remote') {
    const { card, ...enumeration } = await askRemote!(candidate.remote, options);
    return { enumeration, staticTools: card?.tools ?? [], temporary: false };
  }
  if (isUnavailable(current!)) {
    const { phase, reason, detail, temporary } = current;
    return { enumeration: ended(phase, reason, detail), staticTools: [], temporary };
  }
  return reach(current!, candidate.ref, candidate.resolver, { ...options, sandbox });
}

const RANK: readonly Outcome[] = ['failed', 'refused', 'wants-credentials', 'listed'];

/** Which of two visits tells more: the one that got further, and of equals the first, which is the more trusted way. */
function better(one: Visited | undefined, other: Visited): Visited {
  if (!one) return other;
  const rank = ({ enumeration }: Visited) => RANK.indexOf(enumeration.outcome);
  const [more, less] = rank(other) > rank(one) ? [other, one] : [one, other];
  // Tools read from the source of the way that told less still are the server's, where the other has none.
  if (more.enumeration.outcome === 'listed' || more.staticTools.length > 0) return more;
  if (less.staticTools.length === 0) return more;
  const artefact = more.artefact ?? less.artefact;
  return { ...more, staticTools: less.staticTools, ...(artefact && { artefact }) };
}
