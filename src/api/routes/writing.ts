import type { OpenAPIHono } from '@hono/zod-openapi';
import { failed } from './common.ts';

/** What routes share that take a token. */

export const security = [{ token: [] }];

export const forBearers = {
  401: failed('There is no token, or it is not good'),
  403: failed('The token is not good for this'),
  413: failed('The request is too large'),
  503: failed('Nothing can be asked for here'),
};

/** Describes the token to those who read the document. */
export function describeTokens(app: OpenAPIHono): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'Given out by the operator: plimsoll token create',
  });
}
