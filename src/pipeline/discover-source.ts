import { SourceUnreachable } from '#core/errors.ts';
import type { Http } from '#core/http.ts';
import { visibleLine } from '#core/visible.ts';
import { joining } from '#discover/joining.ts';
import { isDropped, type Source, type SourceSettings } from '#discover/source.ts';
import type { Sighting } from '#domain/server.ts';
import { UNBELIEVED } from '#observe/health/sources.ts';
import { addressesWanted } from '#store/access/requests.ts';
import { addressesKnown, bornePackages, listingsOf } from '#store/listing/known.ts';
import { countAnew, markUnlisted, recordSightings } from '#store/listing/sightings.ts';
import { recordPass, type SourceState, sourceState } from '#store/listing/sources.ts';
import { readFact, writeFact } from '#store/night/runs.ts';
import type { World } from '#world.ts';
import type { SourceOutcome } from './summary.ts';

/** Listings that go into one transaction: large enough to join cheaply, small enough to lose little. */
const BATCH = 1000;
/** A source that can tell what changed is read to its end this often: changes alone would miss what fell out. */
const SWEEP_EVERY = 7 * 86_400_000;
/** Rows after which the database is to count anew, the first time. */
const GROWTH = 10_000;
/** Below that, a source may lose half of its listings in a day. */
const FEW = 20;
/** So many records that are none, and more than there are good ones, are no accident. */
const MANY_MALFORMED = 10;

/** What a pass is limited to, as the user asked. */
export interface PassOptions {
  readonly since?: Date | undefined;
  readonly limit?: number | undefined;
  readonly from?: string | undefined;
}

/**
 * One pass over one source: fetch, sort into servers, store. A source that cannot be reached, or breaks off, ends with
 * `error`, and so does one that suddenly lists far less than before, or mostly sends what is no record: what it gave is
 * kept, nothing else is taken as gone, and its watermark stays.
 */
export async function discoverSource(
  world: Pick<World, 'db' | 'settings' | 'log' | 'stop' | 'now'>,
  source: Source,
  http: Http,
  options: PassOptions,
): Promise<SourceOutcome> {
  const { db, log, stop } = world;
  const settings: SourceSettings = { ...world.settings, from: options.from };
  const began = world.now();
  const counts = { sightings: 0, new: 0, changed: 0, gone: 0, dropped: 0, rows: 0 };
  const listed = new Set<number>();
  let growth = GROWTH;
  let batch: Sighting[] = [];
  // Noted only with what was given before: a pass that is killed must not skip what it lost.
  const noted = new Map<string, string>();
  const keep = async () => {
    for (const [key, value] of noted) await writeFact(db, noteKey(source, key), value);
    noted.clear();
  };
  const flush = async () => {
    if (batch.length === 0) return keep();
    const done = await recordSightings(db, source.id, batch, world.now(), joining);
    counts.new += done.new;
    counts.changed += done.changed;
    counts.rows += done.rows;
    for (const id of done.listed) listed.add(id);
    if (counts.rows >= growth) {
      await countAnew(db);
      growth = 4 * counts.rows;
    }
    batch = [];
    await keep();
  };
  const state = await sourceState(db, source.id);
  const since = options.since ?? sinceFor(source, state, began);
  let error: string | undefined;
  let malformed = 0;
  try {
    for await (const found of source.discover({
      http,
      settings,
      stop,
      known: {
        listings: () => listingsOf(db, source.id),
        addresses: (kind) => addressesKnown(db, kind),
        borne: () => bornePackages(db),
        requested: () => addressesWanted(db),
      },
      notes: {
        read: async (key) => noted.get(key) ?? (await readFact(db, noteKey(source, key))),
        write: async (key, value) => void noted.set(key, value),
      },
      since,
      limit: options.limit || undefined,
    })) {
      if (isDropped(found)) {
        counts.dropped++;
        if (found.isMalformed) malformed++;
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
  // What lies in a file of the user's own says nothing of what lies in another.
  const isSweep = whole && since === undefined && source.can.sweep && options.from === undefined;
  const isDrift = malformed > counts.sightings && (malformed >= MANY_MALFORMED || (isSweep && counts.sightings === 0));
  if (isDrift && options.from === undefined)
    error ??= `${source.id} sent ${malformed} records that cannot be read, and ${counts.sightings} that can`;
  const shrunk = isSweep && error === undefined ? shrinkage(source.id, counts.sightings, state) : undefined;
  error ??= shrunk;
  if (isSweep && error === undefined) {
    counts.gone = await markUnlisted(db, source.id, listed, began);
    counts.rows += counts.gone;
  }
  const listings = isSweep ? counts.sightings : undefined;
  const unbelieved = shrunk === undefined ? undefined : counts.sightings;
  await recordPass(db, source.id, { began, error, whole, listings, unbelieved });
  return { source: source.id, ...counts, error: error ?? null };
}

function noteKey({ id }: Source, key: string): string {
  return `source:${id}:${key}`;
}

/** From when on to ask for changes; undefined to read the source to its end. */
function sinceFor({ can }: Source, state: SourceState | undefined, now: Date): Date | undefined {
  if (!can.recent || !state?.watermark) return undefined;
  const isDue = can.sweep && now.getTime() - (state.sweptAt?.getTime() ?? 0) >= SWEEP_EVERY;
  return isDue ? undefined : state.watermark;
}

/** Why a full pass is not believed: a source does not lose half of its listings from one night to the next. */
function shrinkage(id: string, now: number, state: SourceState | undefined): string | undefined {
  const before = state?.listings ?? 0;
  if (now >= before / 2 || (before < FEW && now > 0)) return undefined;
  return `${id} listed ${now} servers where it had ${before}${UNBELIEVED}`;
}
