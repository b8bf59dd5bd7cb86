import { join as joinPath } from 'node:path';
import { SETTINGS } from '#config.ts';
import { Missing, WrongUse } from '#core/errors.ts';
import { openHttp } from '#core/http.ts';
import { plugins } from '#core/plugins.ts';
import type { Source, SourceSettings } from '#discover/source.ts';
import { forgetUnused, memory } from '#store/listing/remembered.ts';
import { sharedPace } from '#store/night/host-pace.ts';
import type { World } from '#world.ts';
import { discoverSource, type PassOptions } from './discover-source.ts';
import { type Broken, drain, type Handler } from './drain.ts';
import type { Progress } from './progress.ts';
import type { SourceOutcome } from './summary.ts';
import { userAgent } from './user-agent.ts';

export function loadSources(): Promise<readonly Source[]> {
  return plugins<Source>(joinPath(import.meta.dirname, '../discover/sources'));
}

/** Until a connection stands: where there is no network, all sources together lose this once. */
const CONNECT = 2_000;

/** Sources at a time: each waits on hosts of its own, and where there is no network all of them wait in vain. */
const AT_ONCE = 16;

/** Which of a source's needs the settings leave open, as the user can fill them. */
export function unmetNeeds(source: Source, settings: SourceSettings): readonly string[] {
  return (source.needs ?? [])
    .filter((need) => settings[need] === undefined)
    .map((need) => (need === 'from' ? '--from' : SETTINGS[need].env));
}

/** Discovery by one process: its handler, and what came of each source that it asked. Dispose it. */
export interface Discovering extends AsyncDisposable {
  readonly handler: Handler;
  /** Fills as sources are asked. */
  readonly outcomes: readonly SourceOutcome[];
}

/** A handler that passes over one source. One that fails is a warning and an entry, no more. */
export async function discovering(
  world: World,
  options: PassOptions & { readonly progress: Progress },
  total: () => number,
): Promise<Discovering> {
  const { db, settings } = world;
  const { progress } = options;
  const known = new Map((await loadSources()).map((source) => [source.id, source]));
  const http = openHttp({
    userAgent: userAgent(settings),
    memory: memory(db, world.now),
    ...(world.store.url !== undefined && { pace: sharedPace(db) }),
    limits: { connect: CONNECT },
  });
  const outcomes: SourceOutcome[] = [];
  return {
    outcomes,
    handler: {
      concurrency: AT_ONCE,
      async handle({ subject }, stop) {
        const source = known.get(subject);
        // A run that was killed may have left a source that this one has no key or path for.
        if (!source || unmetNeeds(source, { ...settings, from: options.from }).length > 0) return;
        const outcome = await discoverSource({ ...world, stop }, source, http, options);
        outcomes.push(outcome);
        world.observe?.pass(source.id, outcome.sightings, outcome.error !== null);
        if (outcome.error) progress.say(`Warning: ${outcome.error}. Going on without '${source.id}'.`);
        progress.report('discover', outcomes.length, Math.max(total(), outcomes.length), source.id);
        return outcome;
      },
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

/**
 * One pass over every source that has what it needs, or the one that is named, or a file of the user's own.
 */
export async function discoverAll(
  world: World,
  run: number,
  options: PassOptions & { readonly progress: Progress; readonly source?: string | undefined },
): Promise<{ readonly outcomes: readonly SourceOutcome[]; readonly broken: readonly Broken[] }> {
  const { db, queue } = world;
  const ids = await sourcesToAsk(world.settings, options);
  await queue.add('discover', ids, run);
  await using discovery = await discovering(world, options, () => ids.length);
  options.progress.report('discover', 0, ids.length);
  const broken = await drain(queue, { discover: discovery.handler }, world);
  await forgetUnused(db, world.now());
  return { outcomes: discovery.outcomes.toSorted((a, b) => (a.source < b.source ? -1 : 1)), broken };
}

/** Ids of the sources that a run asks: all that have what they need, or the one that is named. */
export async function sourcesToAsk(
  settings: SourceSettings,
  options: Pick<PassOptions, 'from'> & { readonly progress: Progress; readonly source?: string | undefined },
): Promise<readonly string[]> {
  return chosen(await loadSources(), { ...settings, from: options.from }, options.source, options.progress);
}

/** Ids of the sources to ask. Those without their key are named in one line; one asked for by name must have it. */
function chosen(
  sources: readonly Source[],
  settings: SourceSettings,
  named: string | undefined,
  progress: Progress,
): readonly string[] {
  const only = named ?? (settings.from === undefined ? undefined : 'from');
  const wanted = sources.filter(({ id }) => (only === undefined ? id !== 'from' : id === only));
  if (only !== undefined && wanted.length === 0)
    throw new WrongUse(`There is no source '${only}'. Sources are ${sources.map(({ id }) => id).join(', ')}.`);
  const without = wanted.flatMap((source) => {
    const open = unmetNeeds(source, settings);
    return open.length > 0 ? [{ id: source.id, says: `${source.id} (${open.join(', ')})` }] : [];
  });
  if (only !== undefined && without[0])
    throw new Missing(`The source ${without[0].says} cannot be asked without that.`);
  if (without.length > 0) progress.say(`Not asked, for want of a key: ${without.map(({ says }) => says).join(', ')}.`);
  return wanted.map(({ id }) => id).filter((id) => !without.some((one) => one.id === id));
}
