import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Missing } from '#core/errors.ts';
import { loadResolvers } from '#launch/launch.ts';
import { openStore } from '#store/engine/open.ts';
import { countDue, countUnjudged } from '#store/visit/due.ts';
import { serviceTimes } from '#store/visit/service-times.ts';
import { launchesAtOnce, type Surroundings } from '#world.ts';
import { visitable } from '../enumerate.ts';
import { costsOf, type Origin } from './costs.ts';
import { type Forecast, forecast } from './forecast.ts';

const WINDOW = 30 * 86_400_000;
/**
 * What a judge is asked for one tool: 100 servers of a corpus of real definitions, 1,004 tools, came to 116 requests of
 * 313,291 tokens. An answer may take 700 tokens a tool and 3,000 a request, which is what a budget is held to.
 */
const JUDGE = { requests: 116 / 1004, input: 313_291 / 1004, output: 700 + (3000 * 116) / 1004 };

/** What the coming night would cost, and where the numbers are from. */
export interface Plan extends Forecast {
  readonly from: Origin;
  /** Of one worker: launches at once and processors, as on this machine. */
  readonly worker: { readonly atOnce: number; readonly processors: number };
}

/**
 * Works out what the coming night would cost, from what the catalogue knows now; what discovery finds that night comes
 * on top. Nothing is asked, launched or queued. Rejects with `Missing` where there is no catalogue yet.
 */
export async function planNight(
  { settings, now }: Pick<Surroundings, 'settings' | 'now'>,
  options: { readonly limit: number; readonly judge: boolean },
): Promise<Plan> {
  const { databaseUrl: url, home } = settings;
  if (!url && !existsSync(join(home, 'database')))
    throw new Missing(
      `There is no catalogue in ${home} yet, so nothing is due: 'npm run plimsoll -- discover' fills it. PLIMSOLL_HOME or DATABASE_URL names another.`,
    );
  await using store = await openStore({ url, home }).catch((error: Error) => {
    throw new Missing(error.message);
  });
  const { db } = store;
  const asks = settings.remotes === 'ask' ? { askRemote: () => Promise.reject(new Error('only planned')) } : {};
  const at = now();
  const waiting = await countDue(db, { now: at, ...visitable({ resolvers: await loadResolvers(), ...asks }) });
  const { costs, from } = costsOf(await serviceTimes(db, new Date(at.getTime() - WINDOW)));
  const worker = { atOnce: launchesAtOnce(settings), processors: availableParallelism() };
  const hears = options.judge && settings.llmKey !== undefined;
  return {
    ...forecast({
      waiting,
      limit: options.limit,
      costs,
      unjudged: await countUnjudged(db, at),
      kept: settings.treesGb * 1e9,
      ...worker,
      ...(hears && {
        judge: { ...JUDGE, tokens: settings.llmTokens, dollars: settings.llmBudget, price: settings.llmPrice },
      }),
    }),
    worker,
    from,
  };
}
