import { sql } from 'drizzle-orm';
import { withoutSecrets } from '#core/secrets.ts';
import { visibleLine } from '#core/visible.ts';
import { type Finding, well, wrong } from '#observe/health/finding.ts';
import { clockFinding } from '#observe/health/machine.ts';
import { nightFindings } from '#observe/health/night.ts';
import { queueFindings } from '#observe/health/queue.ts';
import { sourceFindings } from '#observe/health/sources.ts';
import { stallFindings } from '#observe/health/stall.ts';
import { queueDepths } from '#queue/depths.ts';
import type { DeadJob } from '#queue/queue.ts';
import type { Db } from '#store/engine/open.ts';
import { type SourceState, sourceStates, sourceStatuses } from '#store/listing/sources.ts';
import { openAlarms } from '#store/night/alarms.ts';
import { recentRuns } from '#store/night/runs.ts';
import { openWorld, type Surroundings } from '#world.ts';
import { stalledStages } from './stalled.ts';

export interface DatabaseReport {
  readonly findings: readonly Finding[];
  readonly dead: readonly DeadJob[];
  /** How the last pass over each source went. */
  readonly passes: readonly SourceState[];
}

const NIGHTS = 10;

/** The database, and what it tells of nights, queue, sources and alarms. */
export async function examineDatabase(around: Surroundings): Promise<DatabaseReport> {
  const { settings, now } = around;
  const kind = settings.databaseUrl ? 'PostgreSQL at DATABASE_URL' : `embedded, in ${settings.home}`;
  try {
    await using world = await openWorld(around);
    const { db, queue } = world;
    const [clock, depths, nights, stalled, sources, alarms] = await Promise.all([
      clockOf(db),
      queueDepths(db),
      recentRuns(db, 'nightly', NIGHTS),
      stalledStages(db, world.now()),
      sourceStatuses(db),
      openAlarms(db),
    ]);
    return {
      findings: [
        { what: 'database', ok: true, needed: true, found: kind },
        clockFinding(clock, now()),
        ...queueFindings(depths, now()),
        ...nightFindings(nights, now()),
        ...stallFindings(stalled),
        ...sourceFindings(sources, now()),
        ...alarms.map(({ kind: what, detail, since, toldAt }) =>
          wrong(`alarm ${what}`, visibleLine(detail), {
            since,
            ...(toldAt === null && {
              advice: 'Nobody was told: see PLIMSOLL_ALARM_URL, PLIMSOLL_ALARM_COMMAND and the log.',
            }),
          }),
        ),
        ...(alarms.length === 0 ? [well('alarms', 'none')] : []),
      ],
      dead: await queue.dead(),
      passes: await sourceStates(db),
    };
  } catch (error) {
    // Whatever it is that keeps us from it: whoever asks at night wants to read it among the rest.
    const found = visibleLine(withoutSecrets((error as Error).message));
    return {
      findings: [wrong('database', found, { needed: true, ...help(found, settings.databaseUrl) })],
      dead: [],
      passes: [],
    };
  }
}

async function clockOf(db: Db): Promise<Date> {
  const [row] = await db.select({ now: sql<string>`now()` }).from(sql`(select 1) as once`);
  return new Date(row!.now);
}

function help(found: string, url: string | undefined): Pick<Finding, 'advice' | 'command'> {
  // The messages of these two say what to do.
  if (found.includes('in use by process'))
    return { advice: 'Where that one serves, its page /status tells how nights and sources are.' };
  if (found.includes('newer')) return {};
  if (url === undefined)
    return {
      advice: 'A backup can be restored into another PLIMSOLL_HOME.',
      command: 'npm run plimsoll -- db restore FILE',
    };
  return { advice: 'Is the server up, and may this machine ask it?', command: 'pg_isready --dbname "$DATABASE_URL"' };
}
