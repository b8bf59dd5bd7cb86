import type { ServiceTimes } from '#store/visit/service-times.ts';
import type { Costs } from './forecast.ts';

/** Where a number is from: visits of this catalogue, or what was measured once elsewhere. */
export interface Origin {
  readonly visits: string;
  readonly installs: string;
  readonly changing: string;
  readonly rest: string;
}

/**
 * What nothing here has told yet: averages of 59 npm packages and 301 starts in bubblewrap on two processors
 * (bench/night/calibration.json), and what storing and judging took in `npm run bench -- night`.
 */
export const MEASURED_ONCE: Costs = {
  ask: 160,
  visit: 2700,
  visitCpu: 820,
  starts: 1.8,
  install: 11_400,
  installCpu: 6200,
  fetched: 17.7e6,
  tree: 64.1e6,
  ownCpu: 140,
  tools: 12,
  changing: 0.01,
};
const ONCE = 'measured once, on 59 npm packages (bench/night/calibration.json)';
/** Fewer visits, installs or comparisons than this say little about the next. */
const ENOUGH = 20;

/** Averages of this catalogue's own visits where there are enough of them, else those that were measured once. */
export function costsOf(times: ServiceTimes | undefined): { readonly costs: Costs; readonly from: Origin } {
  const known = times && times.visits >= ENOUGH ? times : undefined;
  const installed = known && known.installs >= ENOUGH ? known : undefined;
  const compared = known && known.compared >= ENOUGH && known.daysBetween > 0 ? known : undefined;
  return {
    costs: {
      ...MEASURED_ONCE,
      ...(known && { visit: known.startsMs, starts: known.starts, tools: known.tools }),
      ...(installed && { install: installed.installMs }),
      ...(compared && { changing: Math.min(1, compared.changed / compared.daysBetween) }),
    },
    from: {
      visits: known ? `${known.visits} visits of the last 30 days` : ONCE,
      installs: installed ? `${installed.installs} visits of the last 30 days that met a new version` : ONCE,
      changing: compared
        ? `${compared.changed} of ${compared.compared} visits met another version than the one before them`
        : 'assumed: one server in a hundred changes in a day',
      rest: ONCE,
    },
  };
}
