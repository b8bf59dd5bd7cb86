import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TOOLS } from '#api/mcp/tools.ts';
import { serveUntil } from '#api/serving.ts';
import { app } from './sample.ts';

/** A hundred megabytes with its dependencies: fetched where it is wanted, not with every install of ours. */
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';
const root = join(import.meta.dirname, '..', '..');
const npx = join(root, 'node_modules/npm/bin/npx-cli.js');
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-inspector-'));
const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };
const fetched =
  spawnSync(process.execPath, [npx, '--yes', INSPECTOR, '--cli', '--help'], { cwd: folder, env }).status === 0;
const run = promisify(execFile);

async function inspect(...args: readonly string[]) {
  const words = [npx, '--yes', INSPECTOR, '--cli', ...args];
  const { stdout } = await run(process.execPath, words, { cwd: folder, env, maxBuffer: 16e6 });
  return JSON.parse(stdout) as { tools: { name: string }[]; structuredContent: object };
}

describe.skipIf(!fetched)(`the Inspector’s command line${fetched ? '' : ' (skipped: npm does not have it)'}`, () => {
  const stop = new AbortController();
  let done: Promise<void>;
  let base: string;
  beforeAll(async () => {
    const { promise, resolve } = Promise.withResolvers<AddressInfo>();
    done = serveUntil(app(), { host: '127.0.0.1', port: 0, grace: 100, stop: stop.signal, onListening: resolve });
    base = `http://127.0.0.1:${(await promise).port}`;
  });
  afterAll(async () => {
    stop.abort();
    await done;
    rmSync(folder, { recursive: true, force: true });
  });

  const call = ['--method', 'tools/call', '--tool-name', 'look_up_server', '--tool-arg', 'server=srv_main'];
  const list = ['--method', 'tools/list'];
  const names = TOOLS.map(({ name }) => name);

  test('over HTTP', async () => {
    const http = [`${base}/mcp`, '--transport', 'http'];
    expect((await inspect(...http, ...list)).tools.map(({ name }) => name)).toEqual(names);
    expect((await inspect(...http, ...call)).structuredContent).toMatchObject({ found: true });
  });

  test('over standard input and output', async () => {
    const settings = { PLIMSOLL_HOME: join(folder, 'home'), PLIMSOLL_CATALOGUE: base };
    const given = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const stdio = [...given, process.execPath, join(root, 'src/cli.ts'), 'mcp'];
    expect((await inspect(...stdio, ...list)).tools.map(({ name }) => name)).toEqual(names);
    expect((await inspect(...stdio, ...call)).structuredContent).toMatchObject({ found: true });
  });
});
