import { SourceUnreachable } from '#core/errors.ts';
import type { Sighting } from '#domain/server.ts';
import type { Answer } from './batches.ts';
import type { GitHub } from './client.ts';

/** Asked for before the first of them is told. */
const AHEAD = 20;

/**
 * Asks for repositories by GitHub's numbers, one by one: a request each, where a batch of GraphQL is one for a hundred,
 * and no body for whatever did not change, which GraphQL cannot. An address with the number leads to the repository
 * whatever its name is by now.
 */
export function byNumber(github: GitHub, known: readonly Sighting[]): AsyncGenerator<Answer<string>> {
  return ahead(known, ({ listing, repository }) => ask(github, listing, `repositories/${repository?.forgeId}`));
}

/** Asks likewise which repositories have these names, `owner/name`, or had them last. */
export function byPath(github: GitHub, names: readonly string[]): AsyncGenerator<Answer<string>> {
  return ahead(names, (name) => ask(github, name, `repos/${name}`));
}

async function* ahead<T, R>(all: readonly T[], one: (each: T) => Promise<R>): AsyncGenerator<R> {
  for (let at = 0; at < all.length; at += AHEAD) yield* await Promise.all(all.slice(at, at + AHEAD).map(one));
}

async function ask(github: GitHub, asked: string, path: string): Promise<Answer<string>> {
  try {
    return { asked, node: await github.get(path, {}) };
  } catch (error) {
    if (!(error instanceof SourceUnreachable) || error.retryAt !== undefined) throw error;
    if (error.status === 404 || error.status === 410) return { asked, isGone: true, reason: 'it is gone' };
    // Blocked by GitHub, or for legal reasons: that says nothing of the server.
    if (error.status !== 403 && error.status !== 451) throw error;
    return { asked, isGone: false, reason: `GitHub answers ${error.status}` };
  }
}
