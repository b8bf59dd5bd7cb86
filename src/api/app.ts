import { OpenAPIHono } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import { HTTPException } from 'hono/http-exception';
import type { Catalogue } from '#publish/catalogue.ts';
import { CONTENT_SECURITY_POLICY } from '#publish/layout.ts';
import { liveLinks } from '#publish/links.ts';
import missing from '#publish/pages/missing.ts';
import { mountApi } from './api.ts';
import { mountPages, send } from './pages.ts';
import { problemResponse } from './problem.ts';

export interface AppSettings {
  /** Where the catalogue is reached from outside. */
  readonly publicUrl?: string;
  /** Told of every failure that is not the request's; the answer never says what it was. */
  readonly onFailure?: (error: Error, path: string) => void;
}

/** The catalogue over HTTP: API and pages, reading only. Listens nowhere; `fetch` is what a server calls. */
export function createApp(catalogue: Catalogue, settings: AppSettings = {}): OpenAPIHono {
  const links = liveLinks(settings.publicUrl);
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

  app.use(async (c, next) => {
    await next();
    const { headers } = c.res;
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Referrer-Policy', 'no-referrer');
    headers.set('Content-Security-Policy', `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`);
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'public, max-age=60');
  });
  app.use(etag());
  app.use(async (c, next) => {
    const allowed = WRITES.get(c.req.path) ?? READS;
    if (!allowed.includes(c.req.method)) {
      const response = problemResponse('method-not-allowed');
      response.headers.set('Allow', allowed.join(', '));
      return response;
    }
    if (isApi(c.req.path) && !decodable(c.req.path)) return problemResponse('bad-path');
    return next();
  });

  mountApi(app, catalogue);
  mountPages(app, catalogue, links);
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Plimsoll',
      version: '1',
      description: 'The open risk catalogue for MCP tools. Errors are problem+json (RFC 9457) with a stable `type`.',
    },
    ...(settings.publicUrl !== undefined && { servers: [{ url: settings.publicUrl }] }),
  });

  app.notFound((c) =>
    isApi(c.req.path)
      ? problemResponse('no-such-address')
      : send(c, missing.render({ what: 'There is no such page.' }, links), 404),
  );
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    settings.onFailure?.(error, c.req.path);
    if (isApi(c.req.path)) return problemResponse('internal');
    return send(c, missing.render({ what: 'The catalogue failed to make this page.' }, links), 500);
  });
  return app;
}

const READS = ['GET', 'HEAD'];
/** Addresses that take something else than reading. */
const WRITES: ReadonlyMap<string, readonly string[]> = new Map([['/v1/resolve', ['POST']]]);

function isApi(path: string): boolean {
  return /^\/(?:v1(?:\/|$)|healthz$|openapi\.json$)/.test(path);
}

function decodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
