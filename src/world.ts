import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { readSettings, type Settings } from '#config.ts';
import { type Blocked, readBlocked } from '#core/blocked.ts';
import { Missing } from '#core/errors.ts';
import { knownSecrets } from '#observe/known.ts';
import { openLog } from '#observe/log.ts';
import type { Observe } from '#observe/observe.ts';
import { openQueue } from '#queue/open.ts';
import type { Queue } from '#queue/queue.ts';
import { databaseClock } from '#store/engine/clock.ts';
import { type Db, openStore, type Store } from '#store/engine/open.ts';

/** What every job has around it before anything is opened. */
export interface Surroundings {
  readonly settings: Settings;
  readonly log: Logger;
  /** Aborted when the user asks to stop. */
  readonly stop: AbortSignal;
  /** Servers that are never launched and never shown, by address. */
  readonly blocked: ReadonlyMap<string, Blocked>;
  readonly now: () => Date;
}

/** Everything open: what the pipeline works with. Dispose it to let go of the database. */
export interface World extends Surroundings, AsyncDisposable {
  readonly store: Store;
  readonly db: Db;
  readonly queue: Queue;
  /** Absent where nobody looks on. */
  readonly observe?: Observe;
}

/** Settings, log and clock for one process. Creates the home folder. Throws `WrongUse` for a bad list of blocked servers. */
export function surroundings(env: Readonly<Record<string, string | undefined>>, stop: AbortSignal): Surroundings {
  const settings = readSettings(env);
  mkdirSync(settings.home, { recursive: true });
  const file = pino.destination({ dest: join(settings.home, 'plimsoll.log'), sync: true, mode: 0o600 });
  const log = openLog(file, { level: settings.logLevel, known: knownSecrets(settings) });
  return { settings, log, stop, blocked: readBlocked(settings.blocked), now: () => new Date() };
}

/** Opens database and queue; with `keepsTime` this process takes its turns at starting nights. Rejects with `Missing` where the database cannot be had. */
export async function openWorld(around: Surroundings, options: { readonly keepsTime?: boolean } = {}): Promise<World> {
  const { settings, log } = around;
  let store: Store;
  try {
    store = await openStore({ url: settings.databaseUrl, home: settings.home });
  } catch (error) {
    throw new Missing((error as Error).message);
  }
  try {
    const queue = await openQueue(store, (error) => log.error({ error: error.message }, 'queue'), options);
    return {
      ...around,
      store,
      db: store.db,
      now: store.url ? await databaseClock(store.db) : around.now,
      queue,
      async [Symbol.asyncDispose]() {
        await queue[Symbol.asyncDispose]();
        await store[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

/** How many servers to launch at once: twice the cores, beyond which only latency grows (measured). */
export function launchesAtOnce(settings: Settings): number {
  return settings.concurrency ?? 2 * availableParallelism();
}
