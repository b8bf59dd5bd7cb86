import { WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import { chooseSandbox } from '#enumerate/choose.ts';
import { enumerateRemote } from '#enumerate/remote/remote.ts';
import { stageFolder } from '#enumerate/stage.ts';
import { loadResolvers } from '#launch/launch.ts';
import { trimCache } from '#launch/npm/cache.ts';
import { trimTrees } from '#launch/trees.ts';
import type { Subject } from '#queue/queue.ts';
import { takeUpRequests } from '#store/access/requests.ts';
import { findServer } from '#store/catalogue/catalogue.ts';
import { sourcesOf } from '#store/listing/known.ts';
import { sharedPace } from '#store/night/host-pace.ts';
import { type Visitable, visitsDue } from '#store/visit/due.ts';
import { launchesAtOnce, type World } from '#world.ts';
import type { Handler } from './drain.ts';
import { INSTALLS_OUTSIDE, installing } from './installing.ts';
import { counted } from './observed.ts';
import type { Progress } from './progress.ts';
import { sharing } from './sharing.ts';
import type { ServerOutcome } from './summary.ts';
import { inTurns } from './turns.ts';
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
  const [shared, own] = await Promise.all([sharing(world), installing(settings, stage)]);
  const install = { ...own, ...(shared && { shared }) };
  if (sandbox && !install.confine) {
    log.warn(INSTALLS_OUTSIDE);
    options.progress.say(INSTALLS_OUTSIDE);
  }
  await trimTrees(stage, settings.treesGb * 1e9);
  for (const folder of [settings.home, stage]) await trimCache(folder, settings.treesGb * 1e9);
  const force = (options.servers ?? []).length > 0;
  const askRemote: Visiting['askRemote'] = (remote, asking) =>
    enumerateRemote(remote, { ...asking, userAgent: userAgent(settings), pace: sharedPace(world.db) });
  const resolvers = await loadResolvers();
  const { observe } = world;
  return {
    resolvers: observe ? resolvers.map((one) => counted(one, observe)) : resolvers,
    sandbox,
    stage,
    installing: install,
    ...(settings.remotes === 'ask' && { askRemote }),
    force,
  };
}

/** Which servers can be visited at all. */
export function visitable({ resolvers, askRemote }: Pick<Visiting, 'resolvers' | 'askRemote'>): Visitable {
  return {
    // A bundle's purl is of the type for what no registry names.
    purlTypes: resolvers.map(({ purlType }) => (purlType === 'mcpb' ? 'generic' : purlType)),
    remotes: askRemote !== undefined,
  };
}

/** The servers that a run is to visit: those that are named, or what is due, the most urgent first and sources in turns. */
export async function serversDue(
  world: World,
  visiting: Visiting,
  options: { readonly limit?: number | undefined; readonly servers?: readonly string[] | undefined },
): Promise<readonly Subject[]> {
  const { db } = world;
  const named = options.servers ?? [];
  if (named.length > 0) return (await idsOf(world, named)).map((subject) => ({ subject, priority: 0 }));
  const due = await visitsDue(db, { ...visitable(visiting), limit: Number.MAX_SAFE_INTEGER, now: world.now() });
  const listed = await sourcesOf(
    db,
    due.map(({ id }) => id),
  );
  const all = inTurns(due, listed).toSorted((a, b) => b.priority - a.priority);
  return options.limit ? all.slice(0, options.limit) : all;
}

/** A handler that visits one server and queues it for classification. `visited` hears of each. */
export function visits(
  world: World,
  visiting: Visiting,
  concurrency: number,
  visited: (outcome: ServerOutcome, subject: string) => void,
): Handler {
  const { queue, log, observe } = world;
  const sandbox = visiting.sandbox?.id ?? 'none';
  return {
    concurrency,
    async handle(job, stop) {
      const outcome = await visitServer({ ...world, stop }, visiting, job);
      log.info({ run: job.run, ...outcome }, 'visited');
      if (outcome) observe?.visit(outcome.outcome, outcome.phase, sandbox);
      if (outcome && outcome.outcome !== 'unchanged') {
        // What is new goes before what is only judged anew.
        await queue.add('classify', [{ subject: job.subject, priority: 1 }], job.run);
      }
      if (outcome) visited(outcome, job.subject);
      return outcome && { ...outcome, sandbox };
    },
  };
}

/** Queues what is to be visited, and returns the handler that does. */
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
  const { db, queue, settings } = world;
  const due = await serversDue(world, visiting, options);
  await queue.add('enumerate', due, run);
  await takeUpRequests(
    db,
    due.map(({ subject }) => subject),
    world.now(),
  );
  const outcomes: ServerOutcome[] = [];
  // A killed run may have left jobs beyond these; they are worked off too.
  let total = await queue.open('enumerate');
  options.progress.report('enumerate', 0, total);
  return {
    outcomes,
    sandbox: visiting.sandbox?.id ?? 'none',
    handler: visits(world, visiting, launchesAtOnce(settings), (outcome, subject) => {
      outcomes.push(outcome);
      total = Math.max(total, outcomes.length);
      options.progress.report('enumerate', outcomes.length, total, visibleLine(subject));
    }),
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
