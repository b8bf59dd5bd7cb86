import { asStarted } from '#core/started.ts';
import { visibleLine } from '#core/visible.ts';
import { tell } from '#observe/alarm.ts';
import { acceptCommand, isHalved } from '#observe/health/sources.ts';
import {
  type Alarm,
  alarmsToTell,
  alarmsToTellAgain,
  endAlarm,
  endOtherAlarms,
  markTold,
  raiseAlarm,
} from '#store/night/alarms.ts';
import { recentRuns } from '#store/night/runs.ts';
import type { World } from '#world.ts';
import type { Summary } from './summary.ts';
import { userAgent } from './user-agent.ts';

/** In how many nights an alarm is tried to be told. */
const NIGHTS = 3;

/** A source that lists less than half of what it did. */
export const HALVED = 'source-halved';
/** No night began though one was due. */
export const LATE = 'night-late';
/** A night waits for a stage that no worker serves. */
export const STALLED = 'stage-stalled';
const NIGHT = { kind: 'night-failed', subject: '' };

/**
 * Raises what a run that ended gives reason for, ends what is over, and tells whoever the settings name: each event
 * once, however many runs it lasts. Never fails a run: who cannot be told is in the log, and with `doctor`.
 */
export async function alarmsAfter(
  world: Pick<World, 'db' | 'settings' | 'log' | 'now'>,
  run: { readonly nightly: boolean } & Pick<Summary, 'sources' | 'broken'>,
): Promise<void> {
  const { db, log, now } = world;
  try {
    for (const { source, error } of run.sources) {
      const about = { kind: HALVED, subject: source };
      if (error !== null && isHalved(error)) await raiseAlarm(db, { ...about, detail: error }, now());
      else if (error === null) await endAlarm(db, about, now());
    }
    const why = run.nightly ? whyFailed(run) : undefined;
    if (why !== undefined) await raiseAlarm(db, { ...NIGHT, detail: why }, now());
    else if (run.nightly) await endAlarm(db, NIGHT, now());
    if (run.nightly) for (const kind of [LATE, STALLED]) await endOtherAlarms(db, kind, [], now());
    await tellAlarms(world);
  } catch (error) {
    log.error({ error: (error as Error).stack }, 'alarms');
  }
}

/** A night that began so long ago and has not ended is not under way any more. */
const CUT_OFF = 20 * 3_600_000;

/** The same for the night before, where its process was killed: the next one tells of it when it begins. */
export async function alarmOfCutOff(world: Pick<World, 'db' | 'settings' | 'log' | 'now'>): Promise<void> {
  try {
    const [last] = await recentRuns(world.db, 'nightly', 1);
    if (!last || last.finishedAt || world.now().getTime() - last.startedAt.getTime() < CUT_OFF) return;
    await raiseAlarm(world.db, { ...NIGHT, detail: 'It began and never ended: its process is gone.' }, last.startedAt);
    await tellAlarms(world);
  } catch (error) {
    world.log.error({ error: (error as Error).stack }, 'alarms');
  }
}

/** The same for a run that broke off. */
export async function alarmOfFailure(
  world: Pick<World, 'db' | 'settings' | 'log' | 'now'>,
  failure: unknown,
): Promise<void> {
  try {
    const detail = `It broke off: ${visibleLine((failure as Error).message ?? String(failure)).slice(0, 500)}`;
    await raiseAlarm(world.db, { ...NIGHT, detail }, world.now());
    await tellAlarms(world);
  } catch (error) {
    // The database itself may be what failed.
    world.log.error({ error: (error as Error).stack }, 'alarms');
  }
}

/** Why a night counts as failed though it came to its end. */
function whyFailed({ sources, broken }: Pick<Summary, 'sources' | 'broken'>): string | undefined {
  if (sources.length > 0 && sources.every(({ error }) => error !== null)) return 'No source answered.';
  const [first] = broken;
  if (!first) return undefined;
  const many = broken.length === 1 ? 'A job was given up' : `${broken.length} jobs were given up`;
  return `${many}; the first is ${first.stage} of ${visibleLine(first.subject)}: ${visibleLine(first.error).slice(0, 300)}`;
}

/**
 * Tells of what the watch found: nights, with which all others are told again, may not come. Whoever cannot be reached
 * is tried again in the hours after.
 */
export async function tellAgain(world: Pick<World, 'db' | 'settings' | 'log' | 'now'>): Promise<void> {
  await tellAlarms(world, () => alarmsToTellAgain(world.db, NIGHTS, [LATE, STALLED], world.now()));
}

async function tellAlarms(
  { db, settings, log, now }: Pick<World, 'db' | 'settings' | 'log' | 'now'>,
  toTell = () => alarmsToTell(db, NIGHTS),
): Promise<void> {
  const { alarmUrl: url, alarmCommand: command } = settings;
  if (url === undefined && command === undefined) return;
  for (const one of await toTell())
    try {
      await tell(
        {
          text: asStarted(sentence(one)),
          kind: one.kind,
          subject: one.subject,
          since: one.since.toISOString(),
          command: asStarted('npm run plimsoll -- doctor'),
          ...(settings.publicUrl !== undefined && { catalogue: settings.publicUrl }),
        },
        { url, command, userAgent: userAgent(settings) },
      );
      await markTold(db, one.id, now());
    } catch (error) {
      log.error({ alarm: one.kind, error: (error as Error).message }, 'nobody could be told');
    }
}

function sentence({ kind, subject, detail }: Alarm): string {
  const what: Readonly<Record<string, string>> = {
    [NIGHT.kind]: 'A night of the crawl failed.',
    [HALVED]: `The source ${subject} lost half of its listings.`,
    [LATE]: 'No night of the crawl has begun though one was due.',
    [STALLED]: `A night of the crawl waits for the stage ${subject}, on which no worker works.`,
  };
  const then =
    kind === HALVED ? ` Nothing is taken as gone. Where it truly lists so few now: ${acceptCommand(subject)}.` : '';
  return `Plimsoll: ${what[kind]} ${detail}${/[.!?]$/.test(detail) ? '' : '.'}${then} See npm run plimsoll -- doctor.`;
}
