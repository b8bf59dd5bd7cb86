// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configurations write their variables so.
import { getRequestListener } from '@hono/node-server';
import { expect, test } from 'vitest';
import { createApp } from '#api/app.ts';
import type { CatalogueServer, Statistics } from '#domain/catalogue.ts';
import { compare, publicName } from '#pipeline/scan/catalogue.ts';
import { findingsOf } from '#pipeline/scan/findings.ts';
import { planOf, shownAddress } from '#pipeline/scan/plan.ts';
import type { ScannedServer } from '#pipeline/scan/scanned.ts';
import type { Entry } from '#setup/entry.ts';
import { catalogueServer } from '../../recommend/sample.ts';
import { literalCatalogue } from '../../support/catalogue.ts';
import { listen } from '../../support/http-server.ts';

const PURL = 'pkg:npm/%40example/files';
const there = catalogueServer([
  { name: 'same', category: 'Read', description: 'Reads.' },
  { name: 'changed', category: 'Read', description: 'Reads.' },
  { name: 'judged', category: 'Destructive', description: 'Reads.' },
]);
const here = catalogueServer([
  { name: 'same', category: 'Read', description: 'Reads.' },
  { name: 'changed', category: 'Read', description: 'Reads, and tells nobody.' },
  { name: 'judged', category: 'Read', description: 'Reads.' },
  { name: 'new', category: 'Read', description: 'Reads.' },
]);
const scanned = (server: CatalogueServer): ScannedServer => ({
  ...{ id: 'cursor:x:files', place: 'x', runs: 'npm:@example/files', outcome: 'listed', wants: [], notes: [], server },
  entry: { client: 'cursor', file: '/x', scope: 'user', name: 'files', line: 1, column: 1 },
});
const options = { userAgent: 'test', stop: new AbortController().signal };

test('what a catalogue says otherwise is told tool by tool', async () => {
  const catalogue = literalCatalogue([there], {} as Statistics, { [`purl:${PURL}`]: there.id });
  const listener = getRequestListener((request) => createApp(catalogue).fetch(request));
  const asked: string[] = [];
  await using site = await listen((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    void listener(request, response);
  });
  const servers = new Map([
    [PURL, scanned(here)],
    ['pkg:npm/nobody', scanned(here)],
  ]);
  const compared = await compare(site.url, servers, options);
  expect(compared.get('pkg:npm/nobody')).toEqual({ known: false, differences: [] });
  expect(compared.get(PURL)).toMatchObject({
    known: true,
    slug: there.slug,
    differences: [
      { tool: 'changed', kind: 'definition' },
      { tool: 'judged', kind: 'verdict', here: expect.stringMatching(/^Read/), there: expect.stringMatching(/^Destr/) },
      { tool: 'new', kind: 'only-here' },
    ],
  });
  expect(asked).toEqual(['POST /v1/resolve', `GET /v1/servers/${there.id}/tools`]);
  const one = { ...scanned(here), compared: compared.get(PURL)! };
  const client = { client: 'cursor', title: 'Cursor', servers: [one], combinations: [] };
  const found = findingsOf({ clients: [client], files: [], broken: [], sandbox: 's', seconds: 0, warnings: [] });
  expect(found.filter(({ kind }) => kind !== 'risk').map(({ kind, tool, severity }) => [kind, tool, severity])).toEqual(
    [
      ['changed-definition', 'changed', 'high'],
      ['changed-definition', 'new', 'high'],
      ['other-verdict', 'judged', 'low'],
    ],
  );
});

test.each([
  ['an error', 500, '{}'],
  ['something else', 200, '<html>'],
  ['another shape', 200, '{"entries": [{"found": "yes"}]}'],
])('a catalogue that answers with %s is said not to be one', async (_, status, body) => {
  await using site = await listen((__, response) => void response.writeHead(status).end(body));
  await expect(compare(site.url, new Map([[PURL, scanned(here)]]), options)).rejects.toThrow(/does not answer as a/);
});

const around = { platform: 'linux', home: '/home/u', workspace: '/w', env: {} } as const;
const plan = (start: Entry['start']) =>
  planOf(
    { client: 'c', file: '/f', scope: 'user', name: 'n', path: [], disabled: false, line: 1, column: 1, start },
    around,
    { credentials: false, private: false },
  );
test('no variable of the user’s becomes part of a name that is asked for', () => {
  const args = ['-y', '@evil/x@1.0.0-${SECRET}', '${SECRET:-d}'];
  const start = { kind: 'command', command: 'npx', args, env: new Map() } as const;
  const made = (credentials: boolean) =>
    planOf(
      {
        client: 'c',
        file: '/w/.mcp.json',
        scope: 'workspace',
        name: 'n',
        path: [],
        disabled: false,
        line: 1,
        column: 1,
        start,
      },
      { ...around, env: { SECRET: 'planted' } },
      { credentials, private: false },
    );
  expect(JSON.stringify(made(false))).not.toContain('planted');
  expect(JSON.stringify(made(true))).toContain('planted');
});

const remote = (url: string) => plan({ kind: 'remote', type: 'sse', url, headers: new Map() });

test('only names that are public go to a catalogue', () => {
  const command = (line: string) => {
    const [first = '', ...args] = line.split(' ');
    return plan({ kind: 'command', command: first, args, env: new Map() });
  };
  expect(publicName(command('npx -y @example/files@1 --key abc'))).toBe(PURL);
  expect(publicName(command('node /home/u/private/server.js'))).toBeUndefined();
  expect(publicName(remote('https://mcp.example.com/mcp?profile=free'))).toBe('https://mcp.example.com/mcp');
  expect(publicName(remote('https://mcp.example.com/k3y-0123456789/mcp'))).toBeUndefined();
  expect(publicName(remote('https://mcp.example.com/mcp?key=0123456789abcdef'))).toBeUndefined();
  expect(publicName(remote('http://localhost:3000/mcp'))).toBeUndefined();
});

test.each([
  ['https://a.example/v1/mcp/sse', 'https://a.example/v1/mcp/sse'],
  ['https://a.example/s/AbC123xyz/mcp', 'https://a.example/s/…/mcp'],
  ['https://u:p@a.example/mcp', 'https://…@a.example/mcp'],
  ['https://a.example/mcp?api_key=abcdef012345', 'https://a.example/mcp?…'],
  ['not an address', '…'],
])('%s is shown as %s', (address, shown) => {
  expect(shownAddress(address)).toBe(shown);
});
