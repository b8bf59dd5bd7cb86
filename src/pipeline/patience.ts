import { setTimeout as sleep } from 'node:timers/promises';
import { Missing } from '#core/errors.ts';
import { isDatabaseAway } from '#store/engine/away.ts';
import type { Surroundings } from '#world.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Calls to a database that may go away and come back. */
export interface Patience {
  /**
   * The result of `call`, which is tried again while the database is away. Undefined where it was stopped while waiting.
   * Rejects with `Missing` where that took longer than it is waited for, and with whatever else goes wrong.
   */
  wait<T>(call: () => Promise<T>): Promise<T | undefined>;
}

/** `longest`: how many milliseconds a database may stay away before it is given up. */
export function patience({ log, stop }: Pick<Surroundings, 'log' | 'stop'>, longest: number): Patience {
  let since: number | undefined;
  return {
    async wait(call) {
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
        try {
          const result = await call();
          if (since !== undefined) log.info({ seconds: seconds(since) }, 'the database is back');
          since = undefined;
          return result;
        } catch (error) {
          if (!isDatabaseAway(error)) throw error;
          const message = (error as Error).message.split('\n')[0];
          if (since === undefined) log.warn({ error: message }, 'the database is away: waiting');
          since ??= performance.now();
          if (performance.now() - since > longest)
            throw new Missing(
              `The database has been away for ${seconds(since)} s (${message}). Start it and run this again: what was taken up is not lost.`,
            );
        }
        if (stop.aborted) return undefined;
        await sleep(pause, undefined, { signal: stop }).catch(() => {});
      }
    },
  };
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1000);
}
