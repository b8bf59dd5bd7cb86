import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IMAGE } from '../support/containers.ts';

const root = join(import.meta.dirname, '..', '..');
const BASE = 'plimsoll-test-node';
const BUILT = 'plimsoll-test';
const npm = join(root, 'node_modules/npm/bin/npm-cli.js');

function docker(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', maxBuffer: 64e6, cwd: root });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

const npmAnswers = spawnSync(process.execPath, [npm, 'ping'], { timeout: 60_000 }).status === 0;
const why =
  docker('image', 'inspect', IMAGE).status !== 0
    ? `docker has no image ${IMAGE}`
    : npmAnswers
      ? ''
      : 'npm has no registry';

/** As compose.yaml has it; the host's network, since engines in tests have no bridge. */
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
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-image-'));
  let id = '';
  /** The Debian that `npm run image` makes, with the Node of `npm ci`, in place of one that would have to be pulled. */
  beforeAll(() => {
    copyFileSync(realpathSync(join(root, 'node_modules/node/bin/node')), join(folder, 'node'));
    cpSync(join(root, 'node_modules/npm'), join(folder, 'npm'), { recursive: true, dereference: true });
    const ca = process.env.NODE_EXTRA_CA_CERTS;
    if (ca) copyFileSync(ca, join(folder, 'ca.pem'));
    const lines = [
      `FROM ${IMAGE}`,
      'COPY node /usr/local/bin/node',
      'COPY npm /usr/local/lib/node_modules/npm',
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm',
      ...(ca ? ['COPY ca.pem /etc/ssl/extra.pem', 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/extra.pem'] : []),
    ];
    writeFileSync(join(folder, 'Dockerfile'), lines.join('\n'));
    const base = docker('build', '--network', 'none', '--tag', BASE, folder);
    expect(base.status, base.stderr).toBe(0);
    const registry = spawnSync(process.execPath, [npm, 'config', 'get', 'registry'], {
      encoding: 'utf8',
    }).stdout.trim();
    const args = ['--build-arg', `BASE=${BASE}`, '--build-arg', `NPM_REGISTRY=${registry}`];
    const built = docker('build', '--network', 'host', ...args, '--tag', BUILT, '.');
    expect(built.status, built.stderr.slice(-2000)).toBe(0);
  }, 1_200_000);
  afterAll(() => {
    if (id) docker('rm', '--force', '--volumes', id);
    docker('image', 'rm', '--force', BUILT, BASE);
    docker('image', 'prune', '--force', '--filter', 'label=plimsoll=build');
    rmSync(folder, { recursive: true, force: true });
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
