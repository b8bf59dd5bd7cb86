import { expect, test } from 'vitest';
import { app } from './sample.ts';

const failures: string[] = [];
const api = app({ onFailure: (error, path) => failures.push(`${path} ${error.message}`) });
const post = (body: string) => api.request('/v1/resolve', { method: 'POST', body });

test('a configuration is answered entry by entry, with what all of them can do together', async () => {
  const response = await post(
    JSON.stringify({
      mcpServers: {
        mine: { command: 'npx', args: ['-y', '@example/files@2.0.0'], env: { TOKEN: 'planted-secret' } },
        local: { command: 'node', args: ['./server.js', '--key', 'planted-secret'] },
        other: { url: 'https://mcp.acme.com/mcp?key=planted-secret', headers: { Authorization: 'planted-secret' } },
      },
    }),
  );
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const text = await response.text();
  expect(text).not.toContain('planted-secret');
  const { entries } = JSON.parse(text);
  expect(entries).toMatchObject([
    {
      name: 'mine',
      asked: ['purl:pkg:npm/%40example/files'],
      version: '2.0.0',
      found: true,
      server: { id: 'srv_main', policy: '/v1/servers/srv_main/policy', page: '/servers/example/files' },
    },
    { name: 'local', asked: [], found: false },
    { name: 'other', asked: ['remote:https://mcp.acme.com/mcp'], found: false },
  ]);
  expect(failures).toEqual([]);
});

test.each(['', 'null', '3', '"text"', '{', '['.repeat(100_000)])('%.20s is no setup', async (body) => {
  const response = await post(body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ type: 'urn:plimsoll:problem:bad-body' });
});

test('it cannot be read', async () => {
  const response = await api.request('/v1/resolve');
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});
