import { z } from '@hono/zod-openapi';
import type { Depth } from '#domain/search.ts';
import { unescapeName } from '#publish/addresses/address.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { decodeCursor, decodeNumber } from '../cursor.ts';
import { problem } from '../problem.ts';
import { Problem } from '../schemas/common.ts';

/** What routes are described with, and what their handlers share. */

const SEGMENT =
  'One percent-encoded segment, slashes included. A name that is empty, `.`, `..` or `-` has a `~` in front, and so has one that would then look like it.';

export const id = z.string().openapi({
  param: { name: 'id', in: 'path', description: `Id, slug or purl. ${SEGMENT}` },
  example: 'npm%3A%40scope%2Fname',
});
export const name = z.string().openapi({
  param: { name: 'name', in: 'path', description: `Exact name of a tool. ${SEGMENT}` },
  example: 'read_file',
});

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  headers: z.object({ ETag: z.string() }),
  content: { 'application/json': { schema } },
});
export const failed = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
});
export const bad = failed('A parameter is not valid');
export const gone = failed('There is no such server or tool');
export const unmodified = { description: 'Not modified since the ETag that If-None-Match names' };

/** The server that a segment names, and its tools; see `find`. Throws the problem where there is none. */
export async function serverOf(catalogue: Catalogue, id: string, depth?: Depth) {
  const found = await catalogue.find(unescapeName(id), depth);
  if (!found) throw problem('no-such-server', 'Servers are known by id, slug or purl; GET /v1/servers lists them.');
  return found.server;
}

const badCursor = () => problem('bad-cursor', 'Pass `next` of the page before as it is, or leave the cursor out.');

/** The store's own cursor; undefined where none was passed. Throws the problem for one that this API did not give. */
export function placeOf(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const place = decodeCursor(cursor);
  if (place === undefined) throw badCursor();
  return place;
}

/** The same for a place that is a whole number. */
export function numberOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const place = decodeNumber(cursor);
  if (place === undefined) throw badCursor();
  return place;
}
