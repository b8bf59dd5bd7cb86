import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import from from '#discover/sources/from.ts';
import { discoverAt } from '../support/discover.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'plimsoll-from-')), 'mine');
  await mkdir(folder);
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const read = (path: string, limit?: number) =>
  discoverAt(from, 'http://127.0.0.1:1', { settings: { from: path }, ...(limit !== undefined && { limit }) });

test('JSON Lines of server.json documents; a bad line is named and the rest goes on', async () => {
  const file = join(folder, 'list.jsonl');
  const line = (name: string) => JSON.stringify({ name, packages: [{ registryType: 'npm', identifier: 'x' }] });
  await writeFile(file, `${line('com.acme/a')}\n\n{"name":\n${line('no-namespace')}\n${line('com.acme/b')}\n"text"\n`);
  const { sightings, dropped, error } = await read(file);
  expect(error).toBeUndefined();
  expect(sightings.map(({ listing }) => listing)).toEqual(['com.acme/a', 'com.acme/b']);
  expect(sightings[0]).toMatchObject({ source: 'from', packages: [{ purl: 'pkg:npm/x' }] });
  // Nobody has proven these names.
  expect(sightings[0]).not.toHaveProperty('registryName');
  expect(dropped.map(({ listing }) => listing)).toEqual(['list.jsonl:3', 'no-namespace', 'list.jsonl:6']);
  expect((await read(file, 1)).sightings).toHaveLength(1);
});

test('client configurations of a folder, with comments, in the three dialects', async () => {
  await mkdir(join(folder, '.vscode'));
  await mkdir(join(folder, 'node_modules'));
  await writeFile(
    join(folder, 'mcp.json'),
    '{ // mine\n "mcpServers": { "a": { "command": "npx", "args": ["-y", "a"] } } }',
  );
  await writeFile(join(folder, '.vscode/mcp.json'), '{ "servers": { "b": { "url": "https://b.com/mcp" }, }, }');
  await writeFile(join(folder, 'zed.json'), '{ "context_servers": { "c": { "command": "uvx", "args": ["c"] } } }');
  await writeFile(
    join(folder, 'node_modules/mcp.json'),
    '{ "mcpServers": { "no": { "command": "npx", "args": ["no"] } } }',
  );
  await writeFile(join(folder, 'notes.txt'), 'no');
  const { sightings, dropped } = await read(folder);
  expect(dropped).toEqual([]);
  expect(sightings.map(({ listing }) => listing)).toEqual([
    'mine/.vscode/mcp.json#b',
    'mine/mcp.json#a',
    'mine/zed.json#c',
  ]);
});

test('nothing that is the user’s own secret leaves the file', async () => {
  const servers = {
    a: { command: 'npx', args: ['a', '--mode', 'all', '--api-key', 'hunter2', '--x'], env: { MODE: 'hunter2' } },
    b: { command: 'npx', args: ['b', 'postgres://me:hunter2@db/x'] },
    c: { url: 'https://c.com/mcp?key=hunter2' },
    d: { url: 'https://me:hunter2@d.com/mcp' },
    e: { command: 'docker', args: ['run', '-e', 'TOKEN=hunter2', '-e', 'MODE=hunter2', 'acme/e'] },
    f: { command: 'node', args: ['x.js'] },
  };
  await writeFile(join(folder, 'mcp.json'), JSON.stringify({ mcpServers: servers }));
  const { sightings, dropped } = await read(folder);
  expect(sightings.map(({ name }) => name)).toEqual(['a', 'b', 'e']);
  expect(sightings[0]?.packages).toEqual([
    { purl: 'pkg:npm/a', args: ['--mode', 'all', '--api-key'], env: [{ name: 'MODE' }] },
  ]);
  expect(JSON.stringify({ sightings, dropped })).not.toContain('hunter2');
  expect(dropped.map(({ listing }) => listing)).toEqual(['mine/mcp.json#c', 'mine/mcp.json#d', 'mine/mcp.json#f']);
});

test('a path that is not there is said', async () => {
  expect(String((await read(join(folder, 'none'))).error)).toContain('There is no file or folder at');
});
