import { Later } from '#core/errors.ts';
import type { Enumeration, Outcome } from '#domain/launch.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import { launchable } from '#launch/launch.ts';
import { isUnavailable, type Resolver } from '#launch/resolver.ts';
import type { Taken } from '#queue/queue.ts';
import { lastVisit, recordVisit } from '#store/enumerations.ts';
import { loadServer, markUnchanged } from '#store/servers.ts';
import type { World } from '#world.ts';
import { ended, reach } from './reach.ts';
import type { ServerOutcome } from './summary.ts';

const DAY = 86_400_000;
/** A server that listed is launched again after this long, even if its version stays. */
const LISTED_DAYS = 7;
/** One that failed waits a day, then two, four … at most this. */
const FAILED_DAYS_AT_MOST = 30;

/** What visits need beside the world. `sandbox` is absent where none passed its self-test. */
export interface Visiting {
  readonly resolvers: readonly Resolver[];
  readonly sandbox: Sandbox | undefined;
  readonly stage: string;
  /** Launch whether or not anything changed. */
  readonly force: boolean;
}

/** When to launch a server again that does not change, by how its last visit ended. */
export function nextDue(outcome: Outcome, failures: number, temporary: boolean, now: Date): Date {
  if (temporary) return now;
  const days = outcome === 'listed' ? LISTED_DAYS : Math.min(2 ** failures, FAILED_DAYS_AT_MOST);
  return new Date(now.getTime() + days * DAY);
}

/**
 * One visit to one server: asks for its newest version, and launches it if that, the sandbox or its due date says so.
 * Stores what came of it and returns it; undefined where the server is gone. Throws `Later` for what may pass.
 */
export async function visitServer(
  world: Pick<World, 'db' | 'settings' | 'stop' | 'now'>,
  visiting: Visiting,
  job: Pick<Taken, 'subject' | 'run' | 'last'>,
): Promise<ServerOutcome | undefined> {
  const { db, settings, stop } = world;
  const server = await loadServer(db, job.subject);
  if (!server || server.mergedInto !== null) return undefined;
  const found = launchable(server.packages, visiting.resolvers);
  const sandbox = visiting.sandbox?.id ?? 'none';
  const base = { serverId: server.id, sandbox, ...(job.run !== undefined && { runId: job.run }) };
  const options = { home: settings.home, stage: visiting.stage, registry: settings.npmRegistryUrl };

  const record = async (enumeration: Enumeration, temporary: boolean, more: object = {}): Promise<ServerOutcome> => {
    const at = world.now();
    const due = nextDue(enumeration.outcome, server.failures, temporary, at);
    await recordVisit(db, { ...base, at, enumeration, staticTools: [], due, ...more });
    const { outcome, phase, reason } = enumeration;
    return { server: server.id, outcome, phase: phase ?? null, reason: reason ?? null };
  };

  if (!found)
    return record(ended('resolve', 'no-resolver', 'It has no package of a kind that can be launched.'), false);
  const { ref, resolver } = found;
  const artefact = await resolver.current(ref, { ...options, signal: stop });
  stop.throwIfAborted();
  if (isUnavailable(artefact) && artefact.temporary && !job.last) throw new Later(artefact.detail);
  const last = await lastVisit(db, server.id);
  if (last && last.sandbox === sandbox && server.enumerateDue > world.now() && !visiting.force) {
    const same = isUnavailable(artefact)
      ? last.phase === 'resolve' && last.reason === artefact.reason
      : last.purl === artefact.purl && last.version === artefact.version && last.integrity === artefact.integrity;
    if (same) {
      await markUnchanged(db, server.id, world.now());
      return { server: server.id, outcome: 'unchanged', phase: null, reason: null };
    }
  }
  if (isUnavailable(artefact))
    return record(ended(artefact.phase, artefact.reason, artefact.detail), artefact.temporary);

  const reached = await reach(artefact, ref, resolver, { ...options, sandbox: visiting.sandbox, stop });
  if (reached.temporary && !job.last) throw new Later(reached.enumeration.detail ?? 'try again');
  const { launch, staticTools } = reached;
  const outcome = await record(reached.enumeration, reached.temporary, {
    artefact,
    staticTools,
    ...(launch && { launch }),
  });
  return staticTools.length > 0 ? { ...outcome, static: staticTools.length } : outcome;
}
