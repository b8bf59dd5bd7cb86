import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { timeout } from 'hono/timeout';
import type { Observe } from '#observe/observe.ts';
import { liveLinks } from '#publish/addresses/links.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import missing from '#publish/pages/missing.ts';
import { wasCutOff } from '#store/engine/cut-off.ts';
import { mountApi } from './api.ts';
import type { Desk } from './desk.ts';
import { type EdgeSettings, edge } from './edge/edge.ts';
import { SECURITY } from './edge/security.ts';
import { isApi, isOpen, methodsOf } from './methods.ts';
import { observed } from './observed.ts';
import { mountPages, send } from './pages.ts';
import { problem, problemResponse } from './problem.ts';
import { mountMcp } from './routes/mcp.ts';

/** Bytes of a request's body: the setups of people with a hundred servers are a tenth of it. */
const LARGEST = 256 * 1024;
/** Milliseconds that making an answer may take; what streams has begun by then. */
const PATIENCE = 10_000;

/** Scripts of any site may read what is public; what takes a token is for programs. */
const readable = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST'],
  allowHeaders: ['Content-Type', 'If-None-Match'],
  exposeHeaders: [
    'ETag',
    'RateLimit',
    'RateLimit-Policy',
    'Retry-After',
    'Plimsoll-Losses',
    'Plimsoll-Next',
    'Plimsoll-Edition',
  ],
  maxAge: 86_400,
});

export interface AppSettings extends EdgeSettings {
  /** Where the catalogue is reached from outside. */
  readonly publicUrl?: string;
  /** The address that is listened on. */
  readonly host?: string;
  /** Where verdicts can be disputed, with `{server}` and `{tool}` in it. */
  readonly disputeUrl?: string;
  /** Milliseconds that making an answer may take. */
  readonly patience?: number;
  /** Where holders of a token may write; absent where nobody may. */
  readonly desk?: Desk;
  /** Who looks on; nobody where absent. */
  readonly observe?: Pick<Observe, 'request'>;
  /** Told of every failure that is not the request's; the answer never says what it was. */
  readonly onFailure?: (error: Error, path: string) => void;
}

/** The catalogue over HTTP: API and pages, reading only. Listens nowhere; `fetch` is what a server calls. */
export function createApp(catalogue: Catalogue, settings: AppSettings = {}): OpenAPIHono {
  const links = liveLinks(settings.publicUrl, settings.disputeUrl);
  const app = new OpenAPIHono({
    // Hono would decode most of a path before routing; here a segment is decoded once, by whoever reads it.
    getPath: ({ url }) => /^[^:]+:\/\/[^/]*([^?#]*)/.exec(url)?.[1] || '/',
    defaultHook: (result) => {
      if (result.success) return undefined;
      const issues = result.error.issues.map(({ code, path, message }) =>
        code === 'unrecognized_keys' ? 'a parameter is not known here' : `${path.join('.')}: ${message}`,
      );
      return problemResponse('bad-parameter', issues.join('; '));
    },
  });

  if (settings.observe) app.use(observed(settings.observe));
  app.use(edge(() => catalogue.stamp(), settings));
  app.use(async (c, next) => {
    await next();
    const { headers } = c.res;
    for (const [name, value] of Object.entries(SECURITY)) headers.set(name, value);
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'public, max-age=60');
  });
  app.use((c, next) => (isOpen(c.req.path) ? readable(c, next) : next()));
  app.use((c, next) => {
    const allowed = methodsOf(c.req.path);
    if (!allowed.includes(c.req.method)) {
      const response = problemResponse('method-not-allowed');
      response.headers.set('Allow', allowed.join(', '));
      return Promise.resolve(response);
    }
    if (isApi(c.req.path) && !decodable(c.req.path)) return Promise.resolve(problemResponse('bad-path'));
    return next();
  });
  app.use(bodyLimit({ maxSize: LARGEST, onError: () => problemResponse('too-large') }));
  app.use(timeout(settings.patience ?? PATIENCE, () => problem('too-slow')));

  mountApi(app, catalogue, settings.desk);
  mountMcp(app, catalogue, settings);
  const about = {
    openapi: '3.1.0',
    info: {
      title: 'Plimsoll',
      version: '1',
      description:
        'The open risk catalogue for MCP tools. Errors are problem+json (RFC 9457) with a stable `type`. Agents are ' +
        'answered at POST /mcp, which speaks MCP over Streamable HTTP.',
    },
    'x-mcp': { path: '/mcp', transport: 'streamable-http', readOnly: true },
    ...(settings.publicUrl !== undefined && { servers: [{ url: settings.publicUrl }] }),
  };
  app.doc31('/openapi.json', about);
  mountPages(app, { ...catalogue, document: () => app.getOpenAPI31Document(about) }, links);

  app.notFound((c) =>
    isApi(c.req.path)
      ? problemResponse('no-such-address')
      : send(c, missing.render({ what: 'There is no such page.' }, links), 404),
  );
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.res ? error.getResponse() : problemResponse('bad-body');
    settings.onFailure?.(error, c.req.path);
    const slow = wasCutOff(error);
    if (isApi(c.req.path)) return problemResponse(slow ? 'too-slow' : 'internal');
    const what = slow ? 'This page took too long to make.' : 'The catalogue failed to make this page.';
    return send(c, missing.render({ what }, links), slow ? 503 : 500);
  });
  return app;
}

function decodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
