import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { fingerprint } from '#core/hash.ts';
import { PROFILES } from '#domain/policy.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { editionOf, feedLines } from '#publish/templates/feed.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { problem } from '../problem.ts';
import { failed } from './common.ts';
import { EXPORTERS } from './policies.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/templates',
  summary: 'The policies of all servers, one JSON object a line, for mirrors',
  description:
    'A mirror keeps the header Plimsoll-Next and passes it as `since`: it gets what was revised since, each server once, ' +
    'and answers 304 where nothing was, by If-None-Match. A `since` from another edition of the rules gets everything ' +
    'again; one that is ahead of the catalogue is refused with 409: the catalogue was set back.',
  request: {
    query: z.strictObject({
      since: z.string().min(1).max(200).optional().openapi({ description: 'Plimsoll-Next of an earlier answer' }),
      profile: z.enum(PROFILES).default('recommended'),
      format: z.enum([...EXPORTERS.keys()]).default('plimsoll'),
    }),
  },
  responses: {
    200: {
      description: 'Lines of `{"revision", "server", "policy"}`, or `{"revision", "gone"}`',
      headers: z.object({
        ETag: z.string(),
        'Plimsoll-Next': z.string().openapi({ description: 'The `since` of the next time' }),
        'Plimsoll-Edition': z.string().openapi({ description: 'The rules by which all policies are made' }),
      }),
      content: { 'application/x-ndjson': { schema: z.string() } },
    },
    304: { description: 'Nothing was revised since' },
    400: failed('A parameter is not valid'),
    409: failed('The catalogue is older than what the mirror knows'),
  },
});

/** Mounts the feed. It streams: a whole catalogue passes through little memory, however slowly it is read. */
export function mountTemplates(app: OpenAPIHono, catalogue: Catalogue): void {
  app.openapi(route, async (c) => {
    const { since, profile, format } = c.req.valid('query');
    const edition = editionOf(catalogue.hidden);
    const until = await catalogue.newestRevision();
    const after = startOf(since, edition, until);
    const headers = {
      'Content-Type': 'application/x-ndjson',
      ETag: `"${fingerprint({ edition, after, until, profile, format }).slice(0, 32)}"`,
      'Plimsoll-Next': encodeCursor(`${edition}.${until}`),
      'Plimsoll-Edition': edition,
    };
    if (c.req.header('If-None-Match')?.replace(/^W\//, '') === headers.ETag) return c.body(null, 304, headers) as never;
    const lines = feedLines(catalogue.revised({ after, until }), { profile, exporter: EXPORTERS.get(format)! });
    return c.body(ReadableStream.from(encoded(lines)), 200, headers) as never;
  });
}

/** The revision to go on from; 0 for everything. Throws for a cursor that nobody gave, and for one of a later state. */
function startOf(since: string | undefined, edition: string, until: number): number {
  if (since === undefined) return 0;
  const [, known, revision] = /^([0-9a-f]{12})\.(\d{1,15})$/.exec(decodeCursor(since) ?? '') ?? [];
  if (revision === undefined) throw problem('bad-cursor', 'Pass Plimsoll-Next of an earlier answer as it is.');
  if (Number(revision) > until)
    throw problem('set-back', 'The catalogue is older than what was read from it before. Start again without `since`.');
  return known === edition ? Number(revision) : 0;
}

async function* encoded(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const line of lines) yield encoder.encode(line);
}
