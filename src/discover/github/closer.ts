import { SourceUnreachable } from '#core/errors.ts';
import type { Sighting } from '#domain/server.ts';
import { give } from '../found.ts';
import { type DiscoverOptions, type Dropped, isDropped } from '../source.ts';
import type { Answer } from './batches.ts';
import type { GitHub } from './client.ts';
import { addressOf, mapListedRepository, mapRepositoryNode, withFormer } from './repository.ts';
import { byNumber, byPath } from './single.ts';

/** So many that were known, and are all said to be gone at once, are a fault of the forge or of the token. */
const FEW = 20;

/** What a pass keeps in mind: the listing of each address and of each number by now, and which were given. */
export interface Pass {
  readonly github: GitHub;
  readonly options: DiscoverOptions;
  readonly before: ReadonlyMap<string, Sighting>;
  readonly holders: Map<string, string>;
  readonly numbers: Map<string | undefined, string>;
  readonly seen: Set<string>;
}

export function beginPass(github: GitHub, options: DiscoverOptions, listed: readonly Sighting[]): Pass {
  const before = new Map(listed.map((one) => [one.listing, one]));
  const holders = new Map(listed.map((one) => [addressOf(one.repository?.url ?? ''), one.listing]));
  const numbers = new Map(listed.map((one) => [one.repository?.forgeId, one.listing]));
  return { github, options, before, holders, numbers, seen: new Set() };
}

/**
 * A repository under the listing that its number has already: GitHub has two spellings of ids, and need not use the same
 * in REST and GraphQL.
 */
export function adopted<T extends Sighting | Dropped>({ numbers }: Pass, found: T): T {
  if (isDropped(found)) return found;
  const { forgeId } = found.repository ?? {};
  const listing = numbers.get(forgeId) ?? found.listing;
  numbers.set(forgeId, listing);
  return listing === found.listing ? found : { ...found, listing };
}

/** What was listed before and did not come up now: renamed, archived, gone. */
export async function* knownBefore(pass: Pass): AsyncGenerator<Sighting | Dropped> {
  const left = [...pass.before.values()].filter(
    ({ listing, status }) => !pass.seen.has(listing) && status !== 'deleted',
  );
  const gone: Sighting[] = [];
  for await (const answer of byNumber(pass.github, left)) {
    if (pass.seen.size >= (pass.options.limit ?? Number.POSITIVE_INFINITY)) return;
    if ('isGone' in answer && answer.isGone) gone.push({ ...pass.before.get(answer.asked)!, status: 'deleted' });
    else yield* told(pass, answer, mapListedRepository);
  }
  if (gone.length > FEW && gone.length > left.length / 2)
    throw new SourceUnreachable(
      `${pass.github.host} says that ${gone.length} of ${left.length} repositories are gone at once, which is not believed`,
    );
  yield* give(gone, (one) => one, pass.options, pass.seen);
}

/**
 * Who has the names by now that repositories had before. Until somebody takes one, GitHub leads from it to the repository
 * that had it; whoever takes it gets with it the trust of all that still name it, and must be told apart.
 */
export async function* takenNames(pass: Pass): AsyncGenerator<Sighting | Dropped> {
  const former = [...pass.before.values()].flatMap(({ repository }) => (repository?.formerly ?? []).map(addressOf));
  const left = [...new Set(former)].filter((address) => !pass.holders.has(address));
  const names = left.flatMap((address) => /^github\.com\/([\w.-]+\/[\w.-]+)$/.exec(address)?.[1] ?? []);
  for await (const answer of byPath(pass.github, names)) {
    if (pass.seen.size >= (pass.options.limit ?? Number.POSITIVE_INFINITY)) return;
    if ('node' in answer) yield* told(pass, answer, mapListedRepository);
  }
}

/** The repositories of these answers, as GraphQL tells them. */
export async function* closer(pass: Pass, answers: AsyncIterable<Answer<string>>): AsyncGenerator<Sighting | Dropped> {
  const { limit = Number.POSITIVE_INFINITY } = pass.options;
  for await (const answer of answers) {
    if (pass.seen.size >= limit) return;
    yield* told(pass, answer, mapRepositoryNode);
  }
}

function* told(
  pass: Pass,
  answer: Answer<string>,
  map: (record: unknown) => Sighting | Dropped,
): Generator<Sighting | Dropped> {
  if ('node' in answer) {
    const found = adopted(pass, map(answer.node));
    if (isDropped(found)) yield found;
    else if (!pass.seen.has(found.listing))
      yield* give([found], (one) => remembering(pass, one), pass.options, pass.seen);
    return;
  }
  yield { listing: answer.asked, reason: reasonOf(answer) };
  const before = answer.isGone ? undefined : pass.before.get(answer.asked);
  if (before) yield* give([before], (one) => one, pass.options, pass.seen);
}

/** Why there was no repository in an answer. */
export function reasonOf({ isGone, reason }: { readonly isGone: boolean; readonly reason: string }): string {
  return isGone ? 'there is no such repository' : reason;
}

/** The sighting with the addresses that it had before, and those that were now seen to lead to it. */
export function remembering({ before, holders }: Pass, found: Sighting, led: readonly string[] = []): Sighting {
  const { listing, repository } = found;
  holders.set(addressOf(repository?.url ?? ''), listing);
  const earlier = before.get(listing)?.repository;
  const former = [...led, earlier?.url, ...(earlier?.formerly ?? [])].filter((url) => url !== undefined);
  return withFormer(found, former, (url) => (holders.get(addressOf(url)) ?? listing) !== listing);
}
