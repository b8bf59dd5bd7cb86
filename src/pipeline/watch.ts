import type { Stalled } from '#domain/queue.ts';
import { lateNight } from '#observe/health/late.ts';
import { serveCommand } from '#observe/health/stall.ts';
import { isDatabaseAway } from '#store/engine/away.ts';
import type { Db } from '#store/engine/open.ts';
import { endOtherAlarms, raiseAlarm } from '#store/night/alarms.ts';
import { takesTurn } from '#store/night/lease.ts';
import { nightUnderWay } from '#store/night/nights.ts';
import { readFact, recentRuns, writeFact } from '#store/night/runs.ts';
import type { World } from '#world.ts';
import { LATE, STALLED, tellAgain } from './alarms.ts';
import { stalledStages } from './stalled.ts';

type Watched = Pick<World, 'db' | 'settings' | 'log' | 'now'>;

const LOOK_MS = 60_000;
/** Less than the time between two looks: whoever had the last turn may have the next one. */
const TURN_SECONDS = 50;

/**
 * Looks once a minute, for as long as a process stays, for what nobody else would tell of because nothing happens: no
 * night begins though one is due, or a night waits for a stage that no worker serves. There is no leader: whichever
 * process looks first in a minute looks for all. Dispose it.
 */
export function keepWatch(world: Watched, every = LOOK_MS): AsyncDisposable {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= look(world)
      .catch((error: Error) => {
        if (!isDatabaseAway(error)) world.log.error({ error: error.stack }, 'the watch');
      })
      .finally(() => {
        running = undefined;
      });
  }, every);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
    },
  };
}

/** One look. Whoever is named to be told is told by any process that knows them, not only by the one that looked. */
export async function look(world: Watched): Promise<void> {
  const { db, settings, now } = world;
  if (await takesTurn(db, 'watch stages', TURN_SECONDS)) await noteStalled(db, now());
  if (settings.nightly !== undefined && (await takesTurn(db, 'watch nights', TURN_SECONDS)))
    await noteLate(db, settings.nightly, now());
  await tellAgain(world);
}

/** Raises an alarm for each stage that nobody serves, and ends those of others. */
async function noteStalled(db: Db, now: Date): Promise<void> {
  const stalled = await stalledStages(db, now);
  for (const one of stalled)
    await raiseAlarm(db, { kind: STALLED, subject: one.stage, detail: stalledDetail(one) }, one.since);
  await endOtherAlarms(
    db,
    STALLED,
    stalled.map(({ stage }) => stage),
    now,
  );
}

/** The same for a night that should have begun. */
async function noteLate(db: Db, cron: string, now: Date): Promise<void> {
  const [since, [last], underWay] = await Promise.all([
    expectedSince(db, cron, now),
    recentRuns(db, 'nightly', 1),
    nightUnderWay(db),
  ]);
  const due = lateNight(cron, { since, last, isUnderWay: underWay !== undefined }, now);
  if (due === undefined) return endOtherAlarms(db, LATE, [], now);
  const detail = `It was due at ${minute(due)} (PLIMSOLL_NIGHTLY is ${cron}). Is a worker alive? npm run plimsoll -- work`;
  await raiseAlarm(db, { kind: LATE, subject: '', detail }, due);
}

/** Since when nights are expected by this expression: another one counts from when it is first seen. */
async function expectedSince(db: Db, cron: string, now: Date): Promise<Date> {
  const known = JSON.parse((await readFact(db, 'nightly')) ?? '{}') as {
    readonly cron?: string;
    readonly since?: string;
  };
  if (known.cron === cron && known.since !== undefined) return new Date(known.since);
  await writeFact(db, 'nightly', JSON.stringify({ cron, since: now.toISOString() }));
  return now;
}

function stalledDetail({ stage, since }: Stalled): string {
  return `It has waited since ${minute(since)}. ${serveCommand(stage)}`;
}

function minute(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
