import { WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import { chooseSandbox } from '#enumerate/choose.ts';
import { enumerateRemote } from '#enumerate/remote/remote.ts';
import { stageFolder } from '#enumerate/stage.ts';
import { loadResolvers } from '#launch/launch.ts';
import { trimCache } from '#launch/npm/cache.ts';
import { trimTrees } from '#launch/trees.ts';
import { findServer } from '#store/catalogue.ts';
import { takeUpRequests } from '#store/requests.ts';
import { serversToVisit } from '#store/servers.ts';
import { launchesAtOnce, type World } from '#world.ts';
import type { Handler } from './drain.ts';
import { INSTALLS_OUTSIDE, installing } from './installing.ts';
import type { Progress } from './progress.ts';
import type { ServerOutcome } from './summary.ts';
import { userAgent } from './user-agent.ts';
import { type Visiting, visitServer } from './visit.ts';

export const NO_SANDBOX =
  'No sandbox: nothing is launched, tools are read from source and marked static. Debian: apt-get install bubblewrap.';

export interface Enumerating {
  readonly handler: Handler;
  /** Fills as servers are visited. */
  readonly outcomes: readonly ServerOutcome[];
  readonly sandbox: string;
}

/**
 * Chooses the sandbox for a run and loads what visits need; where none is usable, says so: the run goes on by static
 * extraction. Throws `WrongUse` for a sandbox that does not exist, before anything else is done.
 */
export async function prepareVisits(
  world: World,
  options: {
    readonly progress: Progress;
    readonly sandbox?: string | undefined;
    readonly servers?: readonly string[] | undefined;
  },
): Promise<Visiting> {
  const { settings, log } = world;
  const stage = await stageFolder(settings.home);
  const wanted = options.sandbox ?? settings.sandbox;
  const { sandbox, reports } = await chooseSandbox(wanted, { stage, settings });
  log.info({ sandbox: sandbox?.id ?? 'none', reports }, 'sandbox chosen');
  if (!sandbox) {
    options.progress.say(NO_SANDBOX);
    for (const { title, reason } of reports) options.progress.say(`  ${title}: ${visibleLine(reason ?? 'not usable')}`);
  }
  const install = await installing(settings, stage);
  if (sandbox && !install.confine) {
    log.warn(INSTALLS_OUTSIDE);
    options.progress.say(INSTALLS_OUTSIDE);
  }
  await trimTrees(stage, settings.treesGb * 1e9);
  for (const folder of [settings.home, stage]) await trimCache(folder, settings.treesGb * 1e9);
  const force = (options.servers ?? []).length > 0;
  const askRemote: Visiting['askRemote'] = (remote, asking) =>
    enumerateRemote(remote, { ...asking, userAgent: userAgent(settings) });
  return {
    resolvers: await loadResolvers(),
    sandbox,
    stage,
    installing: install,
    ...(settings.remotes === 'ask' && { askRemote }),
    force,
  };
}

/** Queues what is to be visited, and returns the handler that visits one server and queues it for classification. */
export async function enumerating(
  world: World,
  run: number,
  visiting: Visiting,
  options: {
    readonly progress: Progress;
    readonly limit?: number | undefined;
    readonly servers?: readonly string[] | undefined;
  },
): Promise<Enumerating> {
  const { db, queue, settings, log } = world;
  const { progress } = options;
  const { resolvers, sandbox } = visiting;
  const named = options.servers ?? [];
  const limit = options.limit || Number.MAX_SAFE_INTEGER;
  const ids =
    named.length > 0
      ? await idsOf(world, named)
      : await serversToVisit(db, {
          limit,
          now: world.now(),
          // A bundle's purl is of the type for what no registry names.
          purlTypes: resolvers.map(({ purlType }) => (purlType === 'mcpb' ? 'generic' : purlType)),
          remotes: visiting.askRemote !== undefined,
        });
  await queue.add('enumerate', ids, run);
  await takeUpRequests(db, ids, world.now());
  const outcomes: ServerOutcome[] = [];
  // A killed run may have left jobs beyond these; they are worked off too.
  let total = await queue.open('enumerate');
  progress.report('enumerate', 0, total);
  return {
    outcomes,
    sandbox: sandbox?.id ?? 'none',
    handler: {
      concurrency: launchesAtOnce(settings),
      async handle(job) {
        const outcome = await visitServer(world, visiting, job);
        if (outcome) outcomes.push(outcome);
        log.info({ run: job.run, ...outcome }, 'visited');
        if (outcome && outcome.outcome !== 'unchanged') await queue.add('classify', [job.subject], job.run);
        total = Math.max(total, outcomes.length);
        progress.report('enumerate', outcomes.length, total, visibleLine(job.subject));
      },
    },
  };
}

async function idsOf(world: World, keys: readonly string[]): Promise<readonly string[]> {
  return Promise.all(
    keys.map(async (key) => {
      const found = await findServer(world.db, key);
      if (!found)
        throw new WrongUse(
          `The catalogue knows no server '${key}'. Give its id, slug or purl; discover finds new ones.`,
        );
      return found.server.id;
    }),
  );
}
