import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Catalogue } from '#publish/catalogue.ts';
import { keyOfName } from '#publish/facts/server-json.ts';
import { encodeCursor } from '../cursor.ts';
import { problem } from '../problem.ts';
import { RegistryEntry, RegistryList } from '../schemas/registry.ts';
import { registryEntryView } from '../views/registry.ts';
import { bad, gone, json, placeOf, unmodified } from './common.ts';

/** Clients of the official registry ask under either; both are frozen. */
const VERSIONS = ['v0', 'v0.1'] as const;

const server = z.string().openapi({
  param: { name: 'server', in: 'path', description: 'The name, percent-encoded: `io.github.owner%2Fname`' },
});

const routesOf = (version: (typeof VERSIONS)[number]) => ({
  list: createRoute({
    method: 'get',
    path: `/${version}/servers`,
    summary: 'Servers in the shape of the official registry, our verdicts in `_meta`',
    description: 'Only the latest version of a server is known here.',
    request: {
      query: z.object({
        limit: z.coerce.number().int().min(1).max(100).default(30),
        cursor: z.string().min(1).max(4000).optional(),
        search: z.string().max(200).optional(),
        updated_since: z.iso.datetime({ offset: true }).optional(),
        version: z.literal('latest').optional(),
        include_deleted: z.enum(['true', 'false']).optional(),
      }),
    },
    responses: { 200: json(RegistryList, 'A page of servers'), 304: unmodified, 400: bad },
  }),
  versions: createRoute({
    method: 'get',
    path: `/${version}/servers/{server}/versions`,
    summary: 'The versions of one server in the shape of the official registry: its latest',
    request: { params: z.object({ server }) },
    responses: { 200: json(RegistryList, 'The versions'), 304: unmodified, 400: bad, 404: gone },
  }),
  one: createRoute({
    method: 'get',
    path: `/${version}/servers/{server}/versions/{version}`,
    summary: 'One version of one server in the shape of the official registry',
    request: {
      params: z.object({
        server,
        version: z.string().openapi({ param: { name: 'version', in: 'path' }, example: 'latest' }),
      }),
    },
    responses: { 200: json(RegistryEntry, 'The version'), 304: unmodified, 400: bad, 404: gone },
  }),
});

/** Mounts the catalogue as a registry that clients of the official one can be pointed at. */
export function mountRegistry(app: OpenAPIHono, catalogue: Catalogue): void {
  const entryOf = async (name: string) => {
    const key = keyOfName(name);
    const found = key === undefined ? undefined : await catalogue.find(key, 'tools');
    const [entry] = found ? (await catalogue.entries({ ids: [found.server.id] })).entries : [];
    if (!entry) throw problem('no-such-server', 'Names are those that the list gives, percent-encoded.');
    return registryEntryView(entry);
  };
  for (const version of VERSIONS) {
    const { list, versions, one } = routesOf(version);
    app.openapi(list, async (c) => {
      const { limit, cursor, search, updated_since } = c.req.valid('query');
      const changedSince = updated_since === undefined ? undefined : new Date(updated_since);
      const { entries, next } = await catalogue.entries({
        limit,
        cursor: placeOf(cursor),
        text: search?.trim() || undefined,
        changedSince,
      });
      const servers = entries.map(registryEntryView);
      const metadata = { count: servers.length, ...(next !== undefined && { nextCursor: encodeCursor(next) }) };
      return c.json({ servers, metadata }, 200);
    });
    app.openapi(versions, async (c) =>
      c.json({ servers: [await entryOf(c.req.valid('param').server)], metadata: { count: 1 } }, 200),
    );
    app.openapi(one, async (c) => {
      const { server: name, version: wanted } = c.req.valid('param');
      const entry = await entryOf(name);
      if (wanted !== 'latest' && wanted !== entry.server.version) throw problem('no-such-version');
      return c.json(entry, 200);
    });
  }
}
