import { join as joinPath } from 'node:path';
import { SourceUnreachable, WrongUse } from '#core/errors.ts';
import { type Http, openHttp } from '#core/http.ts';
import { plugins } from '#core/plugins.ts';
import { visibleLine } from '#core/visible.ts';
import { addressesOf } from '#discover/identity.ts';
import { join } from '#discover/join.ts';
import { mergeSightings } from '#discover/merge.ts';
import { idsOf, otherSlug, slugOf } from '#discover/names.ts';
import { isDropped, type Source } from '#discover/source.ts';
import type { Sighting } from '#domain/server.ts';
import { recordSightings } from '#store/sightings.ts';
import { recordPass, sourceState } from '#store/sources.ts';
import type { World } from '#world.ts';
import { drain } from './drain.ts';
import type { Progress } from './progress.ts';
import type { SourceOutcome } from './summary.ts';
import { userAgent } from './user-agent.ts';

/** Listings that go into one transaction: large enough to join cheaply, small enough to lose little. */
const BATCH = 1000;

const joining = { addressesOf, join, idsOf, slugOf, otherSlug, mergeSightings };

export function loadSources(): Promise<readonly Source[]> {
  return plugins<Source>(joinPath(import.meta.dirname, '../discover/sources'));
}

/**
 * One pass over one source: fetch, sort into servers, store. A source that cannot be reached, or breaks off, ends with
 * `error`; what it gave before that is kept and its watermark stays.
 */
export async function discoverSource(
  world: Pick<World, 'db' | 'settings' | 'log' | 'stop' | 'now'>,
  source: Source,
  http: Http,
  options: { readonly since?: Date | undefined; readonly limit?: number | undefined },
): Promise<SourceOutcome> {
  const { db, settings, log, stop } = world;
  const began = world.now();
  const counts = { sightings: 0, new: 0, changed: 0, dropped: 0 };
  let batch: Sighting[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    const done = await recordSightings(db, source.id, batch, world.now(), joining);
    counts.new += done.new;
    counts.changed += done.changed;
    batch = [];
  };
  let error: string | undefined;
  try {
    const since = options.since ?? (source.can.recent ? (await sourceState(db, source.id))?.watermark : undefined);
    for await (const found of source.discover({
      http,
      settings,
      stop,
      since: since ?? undefined,
      limit: options.limit || undefined,
    })) {
      if (isDropped(found)) {
        counts.dropped++;
        log.warn({ source: source.id, listing: found.listing, reason: found.reason }, 'listing dropped');
        continue;
      }
      counts.sightings++;
      batch.push(found);
      if (batch.length >= BATCH) await flush();
    }
  } catch (failure) {
    if (!(failure instanceof SourceUnreachable)) throw failure;
    error = visibleLine(failure.message);
  }
  await flush();
  const whole = !options.limit && options.since === undefined;
  await recordPass(db, source.id, { began, whole, ...(error !== undefined && { error }) });
  return { source: source.id, ...counts, error: error ?? null };
}

/** One pass over every source, or the one that is named. A source that fails is a warning and an entry, no more. */
export async function discoverAll(
  world: World,
  run: number,
  options: {
    readonly progress: Progress;
    readonly source?: string | undefined;
    readonly since?: Date | undefined;
    readonly limit?: number | undefined;
  },
): Promise<readonly SourceOutcome[]> {
  const { queue, settings } = world;
  const { progress } = options;
  const known = new Map((await loadSources()).map((source) => [source.id, source]));
  const ids = options.source === undefined ? [...known.keys()] : [options.source];
  for (const id of ids)
    if (!known.has(id)) throw new WrongUse(`There is no source '${id}'. Sources are ${[...known.keys()].join(', ')}.`);
  await queue.add('discover', ids, run);
  await using http = openHttp({ userAgent: userAgent(settings) });
  const outcomes: SourceOutcome[] = [];
  progress.report('discover', 0, ids.length);
  await drain(
    queue,
    {
      discover: {
        concurrency: 4,
        async handle({ subject }) {
          const source = known.get(subject);
          if (!source) return;
          const outcome = await discoverSource(world, source, http, options);
          outcomes.push(outcome);
          if (outcome.error) progress.say(`Warning: ${outcome.error}. Going on without '${source.id}'.`);
          progress.report('discover', outcomes.length, ids.length, source.id);
        },
      },
    },
    world,
  );
  return outcomes.sort((a, b) => (a.source < b.source ? -1 : 1));
}
