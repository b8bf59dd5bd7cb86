import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Observe } from '#observe/observe.ts';

/** Tells whoever looks on of every request: its route as the house writes it, never the path that a stranger asked. */
export function observed(observe: Pick<Observe, 'request'>): MiddlewareHandler {
  return async (c, next) => {
    await observe.request(
      () => ({ method: c.req.method, route: matchedRoutes(c).findLast(({ path }) => path !== '/*')?.path ?? '*' }),
      async () => {
        await next();
        return c.res.status;
      },
    );
  };
}
