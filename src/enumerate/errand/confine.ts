import { chmod, chown, lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Confine, Errand, ErrandEnd } from '#core/errand.ts';
import { lastOf, watchOver } from '#core/watch-over.ts';
import { APART, isRoot, startBubblewrap } from '../bubblewrap/start.ts';
import { fakeEtc, libraryFlags } from '../bubblewrap/system.ts';
import { LIMITS, type Limits } from '../limits.ts';
import bubblewrap from '../sandboxes/bubblewrap.ts';
import { SANDBOX_UID, staged, stagedNode } from '../stage.ts';
import { openProxy } from './proxy.ts';

const MB = 1024 * 1024;
/** Installing needs more than listing: npm held up to 400 MB for the heaviest of the packages measured. */
const ERRAND_LIMITS: Limits = { ...LIMITS, memory: 1024 * MB, pids: 256, cpus: 2, files: 4096 };
const HEAP_MB = 768;
/** Bytes of one file that it may write. */
const FILE_MAX = 1.5e9;
const PORT = 8118;
const PROXY = `http://127.0.0.1:${PORT}`;
const NODE = '/opt/node/bin/node';
const RELAY = '/opt/plimsoll/relay.mjs';
const PROGRAMS: Readonly<Record<string, string>> = { node: NODE, python3: '/usr/bin/python3' };

/**
 * How installers are run apart: bubblewrap, a network namespace with nothing but loopback in it, and there a relay to a
 * proxy of ours that knows whom to let through to. Undefined where bubblewrap cannot be used or does not hold that.
 */
export async function openConfinement(stage: string): Promise<Confine | undefined> {
  if ((await bubblewrap.refuses()) !== undefined) return undefined;
  const confine: Confine = (errand) => run(errand, stage);
  return (await holds(confine).catch(() => false)) ? confine : undefined;
}

async function run(errand: Errand, stage: string): Promise<ErrandEnd> {
  // Not on the stage: the path of a socket may have 107 characters at most.
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-errand-'));
  await chmod(folder, 0o700);
  try {
    const socket = join(folder, 'proxy');
    await using proxy = await openProxy(socket, errand.reach);
    await chmod(socket, 0o666);
    for (const path of [folder, ...Object.values(errand.writes)]) await handOver(path);
    const program = await startBubblewrap({
      flags: flags(errand, {
        etc: await fakeEtc(stage),
        node: await stagedNode(stage),
        relay: await relay(stage),
        folder,
      }),
      inside: [
        ...['/usr/bin/prlimit', `--nproc=${ERRAND_LIMITS.pids}`, `--nofile=${ERRAND_LIMITS.files}`],
        ...[`--fsize=${FILE_MAX}`, '--core=0', '--'],
        ...[NODE, RELAY, '/run/plimsoll/proxy', String(PORT)],
        ...errand.command.map((word, index) => (index === 0 ? (PROGRAMS[word] ?? word) : word)),
      ],
      files: errand.files,
      limits: ERRAND_LIMITS,
      stage,
      places: [],
    });
    program.stdin.end();
    const [stdout, stderr] = [lastOf(program.stdout), lastOf(program.stderr)];
    const watch = watchOver(program.kill, errand);
    const ending = await program.ended;
    const stopped = (await watch.over()) ?? ending.stopped;
    return {
      code: ending.code,
      stdout: stdout(),
      stderr: stderr(),
      refused: proxy.refused,
      ...(stopped && stopped !== 'disk' && { stopped }),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function flags(
  errand: Errand,
  places: { etc: string; node: string; relay: string; folder: string },
): readonly string[] {
  const bound = (kind: string, paths: Errand['reads']) =>
    Object.entries(paths).flatMap(([inside, path]) => [kind, path, inside]);
  const size = String(LIMITS.disk);
  return [
    ...APART,
    ...libraryFlags(),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--size', size, '--tmpfs', '/tmp', '--size', size, '--tmpfs', '/home/u', '--size', size, '--tmpfs', '/dev/shm'],
    ...['--ro-bind', places.etc, '/etc', '--ro-bind', places.node, NODE, '--ro-bind', places.relay, RELAY],
    ...['--ro-bind', places.folder, '/run/plimsoll'],
    ...bound('--ro-bind', errand.reads),
    ...bound('--bind', errand.writes),
    ...['--chdir', errand.cwd],
    ...Object.entries({
      HOME: '/home/u',
      PATH: '/opt/node/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
      ...errand.env,
      // Both spellings: programs differ in which they read.
      ...Object.fromEntries(['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => [name, PROXY])),
    }).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

function relay(stage: string): Promise<string> {
  return staged(join(import.meta.dirname, 'relay.mjs'), join(stage, 'errand', 'relay.mjs'));
}

/** Gives a folder to the sandbox's uid, with all in it, unless it is that uid's already. Links are not followed. */
async function handOver(path: string): Promise<void> {
  if (!isRoot() || (await lstat(path)).uid === SANDBOX_UID) return;
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true }))
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), SANDBOX_UID, SANDBOX_UID);
  await chown(path, SANDBOX_UID, SANDBOX_UID);
}

/** Tries from inside what it promises: a listener on loopback is reached through the proxy where named, else not at all. */
async function holds(confine: Confine): Promise<boolean> {
  const server = createServer((socket) => void socket.on('error', () => {}).end('HTTP/1.1 204 Reached\r\n\r\n'));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const place = `127.0.0.1:${port}`;
  const errand: Errand = {
    command: ['node', '-e', PROBE, String(port)],
    env: {},
    reads: {},
    writes: {},
    files: {},
    cwd: '/tmp',
    reach: { hosts: [place] },
    deadline: 20_000,
    isTooLarge: async () => false,
  };
  try {
    const [named, unnamed] = await Promise.all([confine(errand), confine({ ...errand, reach: { hosts: [] } })]);
    return named.stdout === 'refused 204' && unnamed.stdout === 'refused 403' && unnamed.refused.includes(place);
  } finally {
    server.close();
  }
}

/** Says whether the listener can be reached directly, and what the proxy answers to the wish for it. */
const PROBE = `
const { connect } = require('node:net');
const { request } = require('node:http');
const port = process.argv[1];
const direct = connect(port, '127.0.0.1');
const then = (said) => request({ host: '127.0.0.1', port: ${PORT}, path: 'http://127.0.0.1:' + port + '/' })
  .on('response', (answer) => { process.stdout.write(said + ' ' + answer.statusCode); answer.destroy(); direct.destroy(); })
  .on('error', (error) => process.stdout.write(said + ' ' + error.code)).end();
direct.on('connect', () => then('reached')).on('error', () => then('refused'));
`;
