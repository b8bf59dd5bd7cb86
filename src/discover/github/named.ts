import { z } from 'zod';
import type { Sighting } from '#domain/server.ts';
import { give } from '../found.ts';
import { type Dropped, isDropped } from '../source.ts';
import { byName } from './batches.ts';
import { adopted, type Pass, reasonOf, remembering } from './closer.ts';
import { addressOf, mapRepositoryNode } from './repository.ts';

/** Names that led nowhere, and the month in which they were asked for. */
const Nowhere = z.object({ month: z.string(), names: z.array(z.string()) });
const NOTE = 'nowhere';

/**
 * What other sources named, so that its id, its state and the names that it had are known. What led nowhere is asked for
 * again the next month.
 */
export async function* namedByOthers(pass: Pass): AsyncGenerator<Sighting | Dropped> {
  const { known, notes, limit = Number.POSITIVE_INFINITY } = pass.options;
  const month = new Date().toISOString().slice(0, 7);
  const nowhere = asked(await notes?.read(NOTE), month);
  const unknown = unknownOf(pass, (await known?.addresses('repository')) ?? []).filter((name) => !nowhere.has(name));
  if (unknown.length === 0) return;
  const found = new Map<string, { readonly one: Sighting; readonly names: string[] }>();
  let failure: unknown;
  try {
    for await (const answer of byName(pass.github, unknown)) {
      const one =
        'node' in answer
          ? adopted(pass, mapRepositoryNode(answer.node))
          : { listing: answer.asked, reason: reasonOf(answer) };
      if (!('node' in answer)) nowhere.add(answer.asked);
      if (isDropped(one)) yield one;
      else {
        const names = found.get(one.listing)?.names ?? [];
        found.set(one.listing, { one, names: [...names, `https://github.com/${answer.asked}`] });
      }
      if (found.size >= limit) break;
    }
  } catch (error) {
    failure = error;
  }
  yield* give(found.values(), ({ one, names }) => remembering(pass, one, names), pass.options, pass.seen);
  if (failure !== undefined) throw failure;
  await notes?.write(NOTE, JSON.stringify({ month, names: [...nowhere].sort() }));
}

/** Names of repositories that GitHub has not told of, under none that they have or had. */
function unknownOf({ before, holders }: Pass, places: readonly string[]): readonly string[] {
  const former = [...before.values()].flatMap(({ repository }) => repository?.formerly ?? []).map(addressOf);
  const told = new Set([...holders.keys(), ...former]);
  const names = places.flatMap((place) => /^github\.com\/([\w.-]+\/[\w.-]+)$/.exec(place)?.[1] ?? []);
  return names.filter((name) => !told.has(`github.com/${name}`));
}

function asked(note: string | undefined, month: string): Set<string> {
  const { data } = Nowhere.safeParse(note === undefined ? undefined : JSON.parse(note));
  return new Set(data?.month === month ? data.names : []);
}
