import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Desk } from '#api/desk.ts';
import { segment } from '#publish/addresses/address.ts';
import { fuzz, hostile } from './fuzzing.ts';
import { app } from './sample.ts';

const part = fc.oneof(
  hostile.map(segment),
  hostile.map((text) => encodeURI(text.toWellFormed())),
  fc.constantFrom('%', '%zz', '%ff', '-', 'tools', 'policy', 'changes', 'servers', 'v1', ''),
);
const query = fc.oneof(
  fc.constant(''),
  fc
    .tuple(fc.constantFrom('limit', 'cursor', 'q', 'profile', 'format', 'x'), hostile)
    .map(([key, value]) => `?${key}=${encodeURIComponent(value.toWellFormed())}`),
  hostile.map((text) => `?${encodeURI(text.toWellFormed())}`),
);
const path = fc
  .tuple(
    fc.constantFrom('/v1/servers', '/v1', '/servers', '', '/assets', '/schemas'),
    fc.array(part, { maxLength: 5 }),
    query,
  )
  .map(([start, parts, end]) => [start, ...parts].join('/') + end);

test('whatever the path, the answer is whole, typed, and never a failure of ours', async () => {
  const failures: string[] = [];
  const site = app({ onFailure: (error, where) => failures.push(`${where}: ${error.stack}`) });
  await fc.assert(
    fc.asyncProperty(path, fc.constantFrom('GET', 'HEAD'), async (asked, method) => {
      const url = `http://localhost${asked.startsWith('/') ? asked : `/${asked}`}`;
      if (!URL.canParse(url)) return;
      const response = await site.request(url, { method });
      const body = await response.text();
      expect([200, 301, 400, 404]).toContain(response.status);
      expect(failures).toEqual([]);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      if (method === 'HEAD' || response.status === 301) expect(body).toBe('');
      else if (/json/.test(response.headers.get('content-type')!)) expect(() => JSON.parse(body)).not.toThrow();
      else if (/html/.test(response.headers.get('content-type')!))
        expect(body).not.toMatch(
          /<script(?![^>]* (?:src="\/assets\/|type="application\/(?:ld\+)?json"))|<img(?! src="\/servers\/)/i,
        );
      const location = response.headers.get('location');
      if (location !== null) expect(location).toMatch(/^\/(?!\/)/);
    }),
    { numRuns: 1000 },
  );
});

const GOOD = 'plm_good';
const desk: Desk = {
  bearer: async (token) =>
    token === GOOD ? { id: 1, name: 'x', scopes: ['scan', 'dispute'], scansPerDay: 9 } : undefined,
  requestScan: async (_, address) => (address.length % 5 === 0 ? { retryAt: undefined } : { id: 1 }),
  scan: async (_, id) => (id === 1 ? { id, address: 'purl:pkg:npm/x', askedAt: new Date(0) } : undefined),
  dispute: async () => 1,
  isBlocked: (address) => address.length % 7 === 0,
};

test('whatever is asked of what the document describes, the answer is one that it describes, and nothing leaks', async () => {
  const failures: string[] = [];
  const settings = {
    desk,
    cacheBytes: 1e6,
    onFailure: (error: Error, where: string) => failures.push(`${where}: ${error.stack}`),
  };
  const counts = await fuzz(app(settings), { runs: 1000, tokens: [GOOD], failures });
  // Most of it must get past the door, or nothing was tried.
  expect(counts.get(200)).toBeGreaterThan(100);
});
