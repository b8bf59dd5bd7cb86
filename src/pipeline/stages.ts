import { WrongUse } from '#core/errors.ts';
import type { JsonObject } from '#domain/tool.ts';
import { UNOBSERVED } from '#observe/observe.ts';
import type { SiteOptions } from '#publish/site/publish.ts';
import { finishRun, startRun } from '#store/night/runs.ts';
import { markAll } from '#store/verdict/marks.ts';
import type { World } from '#world.ts';
import { alarmOfCutOff, alarmOfFailure, alarmsAfter } from './alarms.ts';
import { classifying } from './classify.ts';
import { pruneAfterNight } from './database/history.ts';
import { discoverAll } from './discover.ts';
import { drain, type Handlers } from './drain.ts';
import { enumerating, prepareVisits } from './enumerate.ts';
import { type Bench, noBench } from './judge.ts';
import type { Progress } from './progress.ts';
import { type Summary, summarise } from './summary.ts';

export interface RunOptions {
  readonly stages: readonly ('discover' | 'enumerate' | 'classify' | 'publish')[];
  readonly progress: Progress;
  /** At most this many servers, and as many sightings a source; 0 or absent: all. */
  readonly limit?: number | undefined;
  readonly sandbox?: string | undefined;
  /** This source only. */
  readonly source?: string | undefined;
  /** Only the listings in this file or folder. */
  readonly from?: string | undefined;
  readonly since?: Date | undefined;
  /** These servers, changed or not. */
  readonly servers?: readonly string[] | undefined;
  /** Where the static site goes, and how it is wanted. */
  readonly out?: string | undefined;
  readonly site?: Pick<SiteOptions, 'base' | 'afresh' | 'pictures'> | undefined;
  /** Who judges beside the rules; nobody where absent. */
  readonly bench?: Bench | undefined;
}

/**
 * Runs stages of the crawl one after the other over what is due, and tells what came of it. Stopped or killed, the
 * next run goes on where this one was: what it had taken up is back in the queue, what it had stored stays.
 */
export async function runStages(world: World, options: RunOptions): Promise<Summary> {
  const job = options.stages.length > 1 ? 'nightly' : options.stages[0]!;
  const nightly = job === 'nightly';
  if (nightly) await alarmOfCutOff(world);
  try {
    const summary = await (world.observe ?? UNOBSERVED).run(job, () => run(world, job, options));
    await alarmsAfter(world, { nightly, ...summary });
    if (nightly) await pruneAfterNight(world);
    return summary;
  } catch (error) {
    // Stopped or called wrongly, it did not fail.
    if (nightly && !world.stop.aborted && !(error instanceof WrongUse)) await alarmOfFailure(world, error);
    throw error;
  }
}

async function run(world: World, job: string, options: RunOptions): Promise<Summary> {
  const { db, queue, stop, progress } = { ...world, ...options };
  const began = performance.now();
  const does = (stage: RunOptions['stages'][number]) => options.stages.includes(stage);
  const { stages, limit, sandbox, source, from } = options;
  const noted = JSON.parse(JSON.stringify({ stages, limit, sandbox, source, from })) as JsonObject;
  await markAll(db);
  const carried = world.observe?.carry();
  const run = await startRun(db, job, { ...noted, ...carried }, world.now());

  const visiting = does('enumerate') ? await prepareVisits(world, options) : undefined;
  const { outcomes: sources, broken: lost } = does('discover')
    ? await discoverAll(world, run, options)
    : { outcomes: [], broken: [] };
  stop.throwIfAborted();
  const handlers: Handlers = {};
  const visits = visiting && (await enumerating(world, run, visiting, options));
  if (visits) handlers.enumerate = visits.handler;
  const judged = does('classify') ? await classifying(world, run, options.bench ?? noBench(), progress) : undefined;
  if (judged) handlers.classify = judged.handler;
  const broken = [...lost, ...(visits || judged ? await drain(queue, handlers, world) : [])];
  stop.throwIfAborted();
  // Loaded late: every kind of page and format comes with it, half a second that wrong use need not wait for.
  const pages = does('publish')
    ? await (await import('./publish.ts')).publish(world, options.out, progress, options.site)
    : null;
  const summary = await summarise(world, {
    outcomes: visits?.outcomes ?? [],
    sources,
    broken,
    sandbox: visits?.sandbox ?? 'none',
    assessed: judged?.assessed() ?? 0,
    judge: judged?.heard() ?? null,
    pages,
    seconds: (performance.now() - began) / 1000,
  });
  await finishRun(db, run, JSON.parse(JSON.stringify(summary)) as JsonObject, world.now());
  return summary;
}
