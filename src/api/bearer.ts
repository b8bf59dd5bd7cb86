import type { Context } from 'hono';
import type { Bearer, Scope } from '#domain/request.ts';
import type { Desk } from './desk.ts';
import { problem } from './problem.ts';

/** Who asks, by the token of the request. Throws the problem where there is none, a bad one, or one that may not do this. */
export async function bearerWith(
  c: Context,
  desk: Desk | undefined,
  scope: Scope,
): Promise<{ bearer: Bearer; desk: Desk }> {
  if (!desk) throw problem('unavailable', 'Nothing can be asked for here.');
  const [, token] = /^Bearer +([\w.~+/-]{1,200}=*)$/i.exec(c.req.header('Authorization') ?? '') ?? [];
  const bearer = token === undefined ? undefined : await desk.bearer(token);
  if (!bearer) {
    const refused = problem('no-token', 'Send Authorization: Bearer and the token that the operator gave you.');
    refused.res!.headers.set('WWW-Authenticate', token === undefined ? 'Bearer' : 'Bearer error="invalid_token"');
    throw refused;
  }
  if (!bearer.scopes.includes(scope)) {
    const refused = problem('no-scope', `The token needs the scope '${scope}'.`);
    refused.res!.headers.set('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`);
    throw refused;
  }
  return { bearer, desk };
}
