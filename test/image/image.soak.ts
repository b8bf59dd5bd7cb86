import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docker, npmRegistryHere, removeImages, standIn, noImage as why } from '../support/images.ts';

const BASE = 'plimsoll-test-node';
const BUILT = 'plimsoll-test';

/** As compose.yaml has it, on the host's network. */
const HELD = [
  '--read-only',
  '--tmpfs',
  '/tmp:mode=1777,exec',
  '--cap-drop',
  'ALL',
  '--security-opt',
  'no-new-privileges',
  '--init',
];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

describe.skipIf(why !== '')(`the image${why && ` (skipped: ${why})`}`, () => {
  let id = '';
  beforeAll(() => {
    standIn('node', BASE);
    const args = ['--build-arg', `BASE=${BASE}`, '--build-arg', `NPM_REGISTRY=${npmRegistryHere()}`];
    const built = docker('build', '--network', 'host', ...args, '--tag', BUILT, '.');
    expect(built.status, built.stderr.slice(-2000)).toBe(0);
  }, 1_200_000);
  afterAll(() => {
    if (id) docker('rm', '--force', '--volumes', id);
    removeImages(BUILT, BASE);
  });

  test('serves as nobody, from a root that it cannot write, is found healthy and stops when told', async () => {
    const port = await freePort();
    const settings = ['-e', `PLIMSOLL_PORT=${port}`, '-e', 'PLIMSOLL_HOST=127.0.0.1', '--health-interval', '1s'];
    id = docker('run', '--detach', '--network', 'host', ...HELD, ...settings, BUILT).stdout.trim();
    const health = () => docker('inspect', '--format', '{{.State.Health.Status}}', id).stdout.trim();
    for (let left = 120; left > 0 && health() !== 'healthy'; left--) await sleep(500);
    expect(health()).toBe('healthy');
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect(docker('exec', id, 'id', '-u').stdout.trim()).toBe('10001');
    expect(docker('exec', id, 'touch', '/app/x').stderr).toMatch(/Read-only/);
    docker('stop', '--time', '20', id);
    expect(docker('inspect', '--format', '{{.State.ExitCode}}', id).stdout.trim()).toBe('143');
  });

  test('can launch servers: one sandbox holds in it', () => {
    const { stdout, stderr } = docker('run', '--rm', '--network', 'none', ...HELD, BUILT, 'doctor');
    expect(stdout + stderr).toMatch(/Sandbox deno: usable/);
  });

  test('holds nothing of its makers: no sources, tests, gold set or settings of npm', () => {
    const list = docker(
      'run',
      '--rm',
      '--network',
      'none',
      '--entrypoint',
      'find',
      BUILT,
      '/app',
      '-not',
      '-path',
      '*/node_modules/*',
    );
    expect(list.stdout).toContain('/app/dist/bin.cjs');
    expect(list.stdout).not.toMatch(/\/app\/(?:src|test|bench|\.git|\.env|\.npmrc)|data\/gold/);
    expect(docker('history', '--no-trunc', BUILT).stdout).not.toMatch(/password|token/i);
  });
});
