import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Catalogue } from '#publish/catalogue.ts';
import { bearerWith } from '../bearer.ts';
import type { Desk } from '../desk.ts';
import { problem } from '../problem.ts';
import { Dispute, Receipt } from '../schemas/request.ts';
import { bad, failed, gone, serverOf } from './common.ts';
import { forBearers, security } from './writing.ts';

const route = createRoute({
  method: 'post',
  path: '/v1/disputes',
  summary: 'Say that a verdict is wrong, and why; a person reads it',
  description: 'Takes a token with the scope `dispute`.',
  security,
  request: {
    query: z.strictObject({}),
    body: { required: true, content: { 'application/json': { schema: Dispute } } },
  },
  responses: {
    201: { description: 'It is kept', content: { 'application/json': { schema: Receipt } } },
    400: bad,
    ...forBearers,
    404: gone,
    409: failed('The tool has another definition by now'),
    429: failed('Too much of this token’s is unread, or the client had its requests'),
  },
});

/** Mounts disputing a verdict. */
export function mountDisputes(app: OpenAPIHono, catalogue: Catalogue, desk: Desk | undefined): void {
  app.openapi(route, async (c) => {
    const { bearer, desk: open } = await bearerWith(c, desk, 'dispute');
    const { server: key, ...objection } = c.req.valid('json');
    const server = await serverOf(catalogue, key, 'tools');
    const tool = server.tools.find(({ definition }) => definition.name.toWellFormed() === objection.tool);
    if (!tool) throw problem('no-such-tool', 'Names are exact; GET /v1/servers/{id}/tools lists them.');
    if (tool.fingerprint !== objection.fingerprint)
      throw problem('other-definition', 'Read the tool again; what you mean may have changed.');
    const id = await open.dispute(bearer, { ...objection, serverId: server.id });
    if (id === undefined) throw problem('quota-spent', 'Wait until what you said before was read.');
    return c.json({ id }, 201, { 'Cache-Control': 'no-store' });
  });
}
