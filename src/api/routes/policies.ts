import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { PROFILES } from '#domain/policy.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { recommend } from '#recommend/recommend.ts';
import { PolicyDocument } from '../schemas/policy.ts';
import { bad, gone, id, serverOf, unmodified } from './common.ts';

/** Every format in which a policy can be had, by id. */
export const EXPORTERS = await loadExporters();

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

const route = createRoute({
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

/** Mounts the policies of servers, in every format. */
export function mountPolicies(app: OpenAPIHono, catalogue: Catalogue): void {
  app.openapi(route, async (c) => {
    const server = await serverOf(catalogue, c.req.valid('param').id, 'tools');
    const { profile, format } = c.req.valid('query');
    const exporter = EXPORTERS.get(format)!;
    const { files, losses } = exporter.write([recommend(server, profile)]);
    const headers = { 'Content-Type': exporter.mediaType, 'Plimsoll-Losses': String(losses.length) };
    // The text is what was exported, byte for byte; the route's type only knows objects.
    return c.body(files[0]!.text, 200, headers) as never;
  });
}
