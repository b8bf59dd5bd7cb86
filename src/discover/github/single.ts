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
export async function* byNumber(github: GitHub, known: readonly Sighting[]): AsyncGenerator<Answer<string>> {
  for (let at = 0; at < known.length; at += AHEAD)
    yield* await Promise.all(known.slice(at, at + AHEAD).map((one) => ask(github, one)));
}

async function ask(github: GitHub, { listing, repository }: Sighting): Promise<Answer<string>> {
  try {
    return { asked: listing, node: await github.get(`repositories/${repository?.forgeId}`, {}) };
  } catch (error) {
    if (!(error instanceof SourceUnreachable) || error.retryAt !== undefined) throw error;
    if (error.status === 404 || error.status === 410) return { asked: listing, isGone: true, reason: 'it is gone' };
    // Blocked by GitHub, or for legal reasons: that says nothing of the server.
    if (error.status !== 403 && error.status !== 451) throw error;
    return { asked: listing, isGone: false, reason: `GitHub answers ${error.status}` };
  }
}
