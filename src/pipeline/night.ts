import type { JsonObject } from '#domain/tool.ts';
import { UNOBSERVED } from '#observe/observe.ts';
import type { Stage, Subject } from '#queue/queue.ts';
import type { Db } from '#store/engine/open.ts';
import { addSpending, beginNight, endNight, type Night, nightUnderWay, passOn } from '#store/night/nights.ts';
import type { World } from '#world.ts';
import { alarmsAfter } from './alarms.ts';
import { pruneAfterNight } from './database/history.ts';
import { addUp, type Classified, heardOf } from './heard.ts';
import { type ServerOutcome, type SourceOutcome, type Summary, summarise } from './summary.ts';

/** The steps of a night, in order: each begins when nothing of the one before is open any more. */
export const STEPS = ['discover', 'enumerate', 'classify', 'publish'] as const;
export type Step = (typeof STEPS)[number];

/** Servers that may wait for a verdict before no more are enumerated. */
export const BACKLOG = 1_000;

/** What a worker can queue for the steps that it works on. */
export type FanOut = Readonly<Partial<Record<Step, (night: Night) => Promise<FannedOut>>>>;

/** The subjects of a step, and what else is to be written when they are queued. */
export interface FannedOut {
  readonly subjects: readonly (string | Subject)[];
  note?(tx: Db): Promise<void>;
}

/** Where a look at the night left it: `ended` to the one worker that ended it. */
export type Look = { readonly state: 'none' | 'open' } | { readonly state: 'ended'; readonly summary: Summary };

/** Begins a night that workers share, or joins the one that is under way. */
export async function begin(
  world: World,
  options: JsonObject,
): Promise<{ readonly run: number; readonly begun: boolean }> {
  const { run: spanned, carry } = world.observe ?? UNOBSERVED;
  const night = await spanned('nightly', () => beginNight(world.db, { ...options, ...carry() }, world.now()));
  world.log.info(night, night.begun ? 'night begun' : 'a night is under way: joined');
  return night;
}

/**
 * One look at the night that is under way, by any worker: where a step is done, queues the next if this worker works on
 * it, and after the last ends the night. All that is needed stands in the database, so that any worker can go on where
 * another was killed, and two that look at once do nothing twice.
 */
export async function advance(world: World, fanOut: FanOut): Promise<Look> {
  const { db, queue, log } = world;
  const night = await nightUnderWay(db);
  if (!night) return { state: 'none' };
  const at = STEPS.indexOf(night.step as Step);
  if (at >= 0 && (await queue.open(STEPS[at]!)) > 0) return { state: 'open' };
  const next = STEPS[at + 1];
  if (next === undefined) return end(world, night);
  const prepare = fanOut[next];
  if (!prepare) return { state: 'open' };
  const { subjects, note } = await prepare(night);
  const moved = await passOn(db, night, next, async (tx) => {
    await queue.add(next, subjects, night.run, tx);
    // What an earlier run left waiting is worked off in this one.
    await queue.adopt(next, night.run, tx);
    await note?.(tx);
  });
  if (moved) log.info({ run: night.run, step: next, queued: subjects.length }, 'step begun');
  return { state: 'open' };
}

async function end(world: World, night: Night): Promise<Look> {
  const summary = await summaryOf(world, night);
  const ended = await endNight(world.db, night.run, JSON.parse(JSON.stringify(summary)) as JsonObject, world.now());
  if (!ended) return { state: 'none' };
  world.log.info({ run: night.run, seconds: summary.seconds, servers: summary.servers }, 'night ended');
  await alarmsAfter(world, { nightly: true, ...summary });
  await pruneAfterNight(world);
  return { state: 'ended', summary };
}

/** What the jobs of a night left behind, added up. */
async function summaryOf(world: World, { run, startedAt }: Night): Promise<Summary> {
  const { db, queue, settings } = world;
  const outputs = async <T>(stage: Step) =>
    (await queue.finished(stage, run)).flatMap(({ output }) => (output ? [output as T] : []));
  const visits = await outputs<ServerOutcome & { readonly sandbox: string }>('enumerate');
  const sums = addUp(await outputs<Classified>('classify'));
  const { requests, tokens, dollars } = await addSpending(db, run, { requests: 0, tokens: 0, dollars: 0 });
  const priced = settings.llmPrice ? Math.round(dollars * 1e6) / 1e6 : null;
  const dead = await queue.dead({ run });
  return summarise(world, {
    outcomes: visits.map(({ sandbox: _, ...outcome }) => outcome),
    sources: (await outputs<SourceOutcome>('discover')).sort((a, b) => (a.source < b.source ? -1 : 1)),
    broken: dead.map(({ stage, subject, error }) => ({ stage: stage as Stage, subject, error })),
    sandbox: [...new Set(visits.map(({ sandbox }) => sandbox))].sort().join(', ') || 'none',
    assessed: sums.assessed,
    judge:
      requests > 0 || sums.heard > 0 ? heardOf(settings.llmModel, sums, { requests, tokens, dollars: priced }) : null,
    pages: (await outputs<NonNullable<Summary['pages']>>('publish'))[0] ?? null,
    seconds: (world.now().getTime() - startedAt.getTime()) / 1000,
  });
}
