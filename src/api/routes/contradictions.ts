import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Catalogue } from '#publish/catalogue.ts';
import { encodeCursor } from '../cursor.ts';
import { ContradictionList } from '../schemas/verdict.ts';
import { contradictionsView } from '../views/change.ts';
import { bad, json, numberOf, unmodified } from './common.ts';

const route = createRoute({
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

/** Mounts the annotations that definitions contradict. */
export function mountContradictions(app: OpenAPIHono, catalogue: Catalogue): void {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const { tools, next } = await catalogue.annotated({ limit, after: numberOf(cursor) });
    return c.json(
      { contradictions: contradictionsView(tools), ...(next !== undefined && { next: encodeCursor(String(next)) }) },
      200,
    );
  });
}
