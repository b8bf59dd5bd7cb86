import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { allAttacks, attackById } from '#recommend/attacks/library.ts';
import { problem } from '../problem.ts';
import { Attack, AttackList } from '../schemas/attack.ts';
import { attackSummaryView, attackView } from '../views/attack.ts';
import { bad, failed, json, unmodified } from './common.ts';

const listRoute = createRoute({
  method: 'get',
  path: '/v1/attacks',
  summary: 'Documented attacks, the newest first, all at once',
  request: { query: z.strictObject({}) },
  responses: { 200: json(AttackList, 'The attacks'), 304: unmodified, 400: bad },
});

const oneRoute = createRoute({
  method: 'get',
  path: '/v1/attacks/{id}',
  summary: 'One documented attack: what happened, what would have stopped it, which tools it concerns',
  request: {
    params: z.object({
      id: z.string().openapi({ param: { name: 'id', in: 'path' }, example: 'github-toxic-agent-flow' }),
    }),
    query: z.strictObject({}),
  },
  responses: { 200: json(Attack, 'The attack'), 304: unmodified, 400: bad, 404: failed('There is no such attack') },
});

/** Mounts the documented attacks, which are the project's own data. */
export function mountAttacks(app: OpenAPIHono): void {
  app.openapi(listRoute, (c) => c.json({ attacks: allAttacks().map(attackSummaryView) }, 200));

  app.openapi(oneRoute, (c) => {
    const attack = attackById(c.req.valid('param').id);
    if (!attack) throw problem('no-such-attack', 'GET /v1/attacks lists them.');
    return c.json(attackView(attack), 200);
  });
}
