import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { whyOffLimits } from '#core/public-address.ts';
import { readSetup } from '#discover/wanted.ts';
import type { ScanRequest } from '#domain/request.ts';
import { segment } from '#publish/addresses/address.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { bearerWith } from '../bearer.ts';
import type { Desk } from '../desk.ts';
import { problem } from '../problem.ts';
import { Scan, ScanWish } from '../schemas/request.ts';
import { bad, failed } from './common.ts';
import { forBearers, security } from './writing.ts';

const answer = (description: string) => ({ description, content: { 'application/json': { schema: Scan } } });

const askRoute = createRoute({
  method: 'post',
  path: '/v1/scans',
  summary: 'Ask that a server be looked at by the next crawl, first of all',
  description:
    'Takes a token with the scope `scan`. What a remote server is asked is asked without credentials, at public addresses only.',
  security,
  request: {
    query: z.strictObject({}),
    body: { required: true, content: { 'application/json': { schema: ScanWish } } },
  },
  responses: {
    202: answer('It waits'),
    400: bad,
    ...forBearers,
    409: failed('The address is one that is never looked at'),
    429: failed('The token has had its scans of the day, or the client its requests'),
  },
});

const getRoute = createRoute({
  method: 'get',
  path: '/v1/scans/{scan}',
  summary: 'A request of this token, and whether a crawl took it up',
  security,
  request: {
    params: z.object({
      scan: z
        .string()
        .regex(/^\d{1,15}$/)
        .openapi({ param: { name: 'scan', in: 'path' } }),
    }),
    query: z.strictObject({}),
  },
  responses: { 200: answer('The request'), 400: bad, ...forBearers, 404: failed('The token has no such request') },
});

/** Mounts asking for scans. */
export function mountScans(app: OpenAPIHono, catalogue: Catalogue, desk: Desk | undefined): void {
  const view = async ({ id, address, askedAt, takenAt }: ScanRequest) => {
    const found = await catalogue.find(address, 'tools');
    return {
      id,
      address,
      state: takenAt ? ('taken-up' as const) : ('waiting' as const),
      askedAt: askedAt.toISOString(),
      ...(takenAt && { takenAt: takenAt.toISOString() }),
      ...(found && { server: `/v1/servers/${segment(found.server.id)}` }),
    };
  };

  app.openapi(askRoute, async (c) => {
    const { bearer, desk: open } = await bearerWith(c, desk, 'scan');
    const address = await addressFor(c.req.valid('json').server, catalogue);
    if (open.isBlocked(address)) throw problem('blocked');
    const kept = await open.requestScan(bearer, address);
    if (!('id' in kept)) {
      const spent = problem('quota-spent', `The token has ${bearer.scansPerDay} scans a day.`);
      const seconds = kept.retryAt ? Math.ceil((kept.retryAt.getTime() - Date.now()) / 1000) : 86_400;
      spent.res!.headers.set('Retry-After', String(Math.max(1, seconds)));
      throw spent;
    }
    const request = (await open.scan(bearer, kept.id))!;
    return c.json(await view(request), 202, { Location: `/v1/scans/${kept.id}`, 'Cache-Control': 'no-store' });
  });

  app.openapi(getRoute, async (c) => {
    const { bearer, desk: open } = await bearerWith(c, desk, 'scan');
    const request = await open.scan(bearer, Number(c.req.valid('param').scan));
    if (!request) throw problem('no-such-scan');
    return c.json(await view(request), 200, { 'Cache-Control': 'no-store' });
  });
}

/** The address to look at: of a package or a remote server in public. Throws the problem where the text names neither. */
async function addressFor(text: string, catalogue: Catalogue): Promise<string> {
  const known = await catalogue.find(text, 'tools');
  const [own] = known?.server.packages ?? [];
  if (own) return `purl:${own.purl}`;
  const [remote] = known?.server.remotes ?? [];
  const [wanted] = readSetup([remote?.url ?? text]);
  const address = wanted?.addresses.find((one) => /^(?:purl|remote):/.test(one));
  const url = address?.startsWith('remote:') ? URL.parse(address.slice('remote:'.length)) : undefined;
  if (address === undefined || url === null || (url && whyOffLimits(url) !== undefined))
    throw problem(
      'bad-body',
      'Name a server of the catalogue, a package, or a remote server by its public https address.',
    );
  return address;
}
