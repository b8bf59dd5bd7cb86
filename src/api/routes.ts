import { createRoute, z } from '@hono/zod-openapi';
import { PROFILES } from '#domain/policy.ts';
import { loadExporters } from '#publish/exporter.ts';
import { ChangeList, Health, PolicyDocument, Problem, Server, ServerList, Stats, Tool, ToolList } from './schemas.ts';
import { ContradictionList } from './verdict-schemas.ts';

/** Every format in which a policy can be had, by id. */
export const EXPORTERS = await loadExporters();

/** Servers on a page where nothing is said, and at most. */
const PAGE = { usual: 50, most: 200 };

const SEGMENT =
  'One percent-encoded segment, slashes included. A name that is empty, `.`, `..` or `-` has a `~` in front, and so has one that would then look like it.';

const id = z.string().openapi({
  param: { name: 'id', in: 'path', description: `Id, slug or purl. ${SEGMENT}` },
  example: 'npm%3A%40scope%2Fname',
});
const name = z.string().openapi({
  param: { name: 'name', in: 'path', description: `Exact name of a tool. ${SEGMENT}` },
  example: 'read_file',
});

const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  headers: z.object({ ETag: z.string() }),
  content: { 'application/json': { schema } },
});
const failed = (description: string) => ({ description, content: { 'application/problem+json': { schema: Problem } } });
const bad = failed('A parameter is not valid');
const gone = failed('There is no such server or tool');
const unmodified = { description: 'Not modified since the ETag that If-None-Match names' };

export const listServersRoute = createRoute({
  method: 'get',
  path: '/v1/servers',
  summary: 'Servers, page by page, in order of slug',
  request: {
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(PAGE.most).default(PAGE.usual),
      cursor: z.string().min(1).max(2000).optional().openapi({ description: '`next` of the page before' }),
      q: z.string().max(200).optional().openapi({ description: 'Text that slug, name, title or description holds' }),
    }),
  },
  responses: { 200: json(ServerList, 'A page of servers'), 304: unmodified, 400: bad },
});

export const getServerRoute = createRoute({
  method: 'get',
  path: '/v1/servers/{id}',
  summary: 'One server',
  request: { params: z.object({ id }), query: z.strictObject({}) },
  responses: { 200: json(Server, 'The server'), 304: unmodified, 400: bad, 404: gone },
});

export const listToolsRoute = createRoute({
  method: 'get',
  path: '/v1/servers/{id}/tools',
  summary: 'All tools of a server, in order of name',
  request: { params: z.object({ id }), query: z.strictObject({}) },
  responses: { 200: json(ToolList, 'The tools'), 304: unmodified, 400: bad, 404: gone },
});

export const getToolRoute = createRoute({
  method: 'get',
  path: '/v1/servers/{id}/tools/{name}',
  summary: 'One tool: definition, verdict with evidence, rule, and both in words',
  request: { params: z.object({ id, name }), query: z.strictObject({}) },
  responses: { 200: json(Tool, 'The tool'), 304: unmodified, 400: bad, 404: gone },
});

const since = z.strictObject({
  since: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .openapi({ description: '`next`, or the last `visit` seen' }),
  limit: z.coerce.number().int().min(1).max(100).default(20).openapi({ description: 'Visits; each comes whole' }),
});

export const changesRoute = createRoute({
  method: 'get',
  path: '/v1/changes',
  summary: 'What changed in the tools of all servers, oldest first',
  request: { query: since },
  responses: { 200: json(ChangeList, 'A page of changes'), 304: unmodified, 400: bad },
});

export const serverChangesRoute = createRoute({
  method: 'get',
  path: '/v1/servers/{id}/changes',
  summary: 'What changed in the tools of one server, oldest first',
  request: { params: z.object({ id }), query: since },
  responses: { 200: json(ChangeList, 'A page of changes'), 304: unmodified, 400: bad, 404: gone },
});

const otherTypes = new Set([...EXPORTERS.values()].map(({ mediaType }) => mediaType));
otherTypes.delete('application/json');
const policyFile = {
  description: 'The policy in the format asked for; what that cannot say is downgraded to asking or denying',
  headers: z.object({
    ETag: z.string(),
    'Plimsoll-Losses': z.string().openapi({ description: 'How many things the format could not say' }),
  }),
  content: {
    'application/json': { schema: PolicyDocument },
    ...Object.fromEntries([...otherTypes].map((type) => [type, { schema: z.string() }])),
  },
};

export const getPolicyRoute = createRoute({
  method: 'get',
  path: '/v1/servers/{id}/policy',
  summary: 'The policy of a server, in the words of a gateway',
  request: {
    params: z.object({ id }),
    query: z.strictObject({
      profile: z.enum(PROFILES).default('recommended'),
      format: z.enum([...EXPORTERS.keys()]).default('plimsoll'),
    }),
  },
  responses: { 200: policyFile, 304: unmodified, 400: bad, 404: gone },
});

export const statsRoute = createRoute({
  method: 'get',
  path: '/v1/stats',
  summary: 'Totals over everything present',
  request: { query: z.strictObject({}) },
  responses: { 200: json(Stats, 'The totals'), 304: unmodified, 400: bad },
});

export const healthRoute = createRoute({
  method: 'get',
  path: '/healthz',
  summary: 'Whether the catalogue can be read',
  responses: {
    200: { description: 'It can', content: { 'application/json': { schema: Health } } },
    503: failed('It cannot'),
  },
});

export const contradictionsRoute = createRoute({
  method: 'get',
  path: '/v1/contradictions',
  summary:
    'Annotations that the definitions contradict, page by page; a page may be short or empty and still have a next',
  request: {
    query: z.strictObject({
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(2_000)
        .default(500)
        .openapi({ description: 'Annotated tools to look at' }),
      cursor: z.string().min(1).max(200).optional().openapi({ description: '`next` of the page before' }),
    }),
  },
  responses: { 200: json(ContradictionList, 'A page of contradictions'), 304: unmodified, 400: bad },
});
