import { readSettings } from '#config.ts';
import { openHttp } from '#core/http.ts';
import type { Memory, Remembered } from '#core/http-memory.ts';
import { type Dropped, isDropped, type Known, type Notes, type Source, type SourceSettings } from '#discover/source.ts';
import type { Sighting } from '#domain/server.ts';

export interface Discovered {
  readonly sightings: Sighting[];
  readonly dropped: Dropped[];
  readonly error: unknown;
}

/** Everything a source gives, and the error it ends with; it is asked at `url` in place of its own host. */
export async function discoverAt(
  source: Source,
  url: string,
  options: {
    readonly since?: Date;
    readonly limit?: number;
    readonly stop?: AbortSignal;
    readonly memory?: Memory;
    readonly settings?: Partial<SourceSettings>;
    readonly known?: Partial<Known>;
    readonly notes?: Notes;
    /** Milliseconds for one attempt: plenty on a busy machine; less where being slow is the fault. */
    readonly total?: number;
  } = {},
): Promise<Discovered> {
  const { memory, settings, stop = new AbortController().signal, total = 5_000, known, ...rest } = options;
  await using http = openHttp({
    userAgent: 'test (+https://plimsoll.test)',
    limits: { backoff: 5, retries: 3, total, patience: 2_000, pace: 0 },
    memory,
  });
  const all = {
    ...readSettings({ PLIMSOLL_MCP_REGISTRY_URL: url, PLIMSOLL_SOURCE_URLS: `${source.id}=${url}` }),
    ...settings,
  };
  const sightings: Sighting[] = [];
  const dropped: Dropped[] = [];
  let error: unknown;
  try {
    const nothing: Known = {
      listings: async () => [],
      addresses: async () => [],
      borne: async () => [],
      requested: async () => [],
    };
    const given = { http, settings: all, stop, ...rest, ...(known && { known: { ...nothing, ...known } }) };
    for await (const found of source.discover(given))
      if (isDropped(found)) dropped.push(found);
      else sightings.push(found);
  } catch (reason) {
    error = reason;
  }
  return { sightings, dropped, error };
}

/** A memory that lasts as long as the test. */
export function shortMemory(): Memory {
  const kept = new Map<string, Remembered>();
  return { recall: async (url) => kept.get(url), keep: async (url, one) => void kept.set(url, one) };
}
