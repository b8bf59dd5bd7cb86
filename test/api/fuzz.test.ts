import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segment } from '#publish/address.ts';
import { HOSTILE_NAMES } from '../recommend/sample.ts';
import { app, HOSTILE_SLUGS } from './sample.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('%', '2', 'F', '/', '.', '~', '-', '\\', '?', '#', '<', "'", '\0') }),
  fc.constantFrom(...HOSTILE_NAMES, ...HOSTILE_SLUGS, 'srv_main', 'example/files'),
);
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
      else if (/html/.test(response.headers.get('content-type')!)) expect(body).not.toMatch(/<script|<img/i);
      const location = response.headers.get('location');
      if (location !== null) expect(location).toMatch(/^\/servers\/[^/]/);
    }),
    { numRuns: 1000 },
  );
});
