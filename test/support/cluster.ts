import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { openStore } from '#store/engine/open.ts';

/** Where PostgreSQL's own programs are; Debian keeps them off the path. */
const programs = globSync('/usr/lib/postgresql/*/bin/initdb')
  .sort()
  .at(-1)
  ?.replace(/initdb$/, '');
/** PostgreSQL refuses to be root: then it is whoever the system has for it. */
const owner = process.getuid?.() === 0 ? (idOf('postgres') ?? idOf('nobody')) : undefined;
const isRoot = process.getuid?.() === 0;

/** Why there can be no cluster of the test's own; undefined where there can. */
export const noCluster =
  programs === undefined
    ? 'there is no initdb'
    : isRoot && !owner
      ? 'there is nobody that a server could run as'
      : undefined;

/** Why there can be none on a file system of its own; undefined where there can. */
export const noDisk = noCluster ?? (isRoot && canMount() ? undefined : 'only root can make a small file system');

/** For the name of a test that needs one. */
export const clusterSkips = noCluster === undefined ? '' : ` (skipped: ${noCluster})`;

export const diskSkips = noDisk === undefined ? '' : ` (skipped: ${noDisk})`;

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

function idOf(name: string): Owner | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** A PostgreSQL server of the test's own, which it may stop, cut off and fill. */
export interface Cluster extends AsyncDisposable {
  readonly port: number;
  /** Its folder: a file system of its own where it was asked for that. */
  readonly folder: string;
  /** The address of a new database whose schema is up to date. */
  fresh(): Promise<string>;
  start(): Promise<void>;
  /** `immediate`: as if it had crashed; it recovers when it is started again. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  /** Cuts every connection but the one that asks; answers with how many. */
  cut(): Promise<number>;
  /** Runs one statement on a database of it. */
  ask(url: string, statement: string): Promise<readonly postgres.Row[]>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** `megabytes`: it lies on a file system of that size, which only root can make. */
export async function cluster({ megabytes }: { readonly megabytes?: number } = {}): Promise<Cluster> {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-cluster-'));
  chmodSync(root, 0o755);
  const disk = join(root, 'disk');
  mkdirSync(disk);
  if (megabytes !== undefined) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', disk]);
  const data = join(disk, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (owner) chownSync(data, owner.uid, owner.gid);
  const as = { ...owner, cwd: data, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' } };
  const password = ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-locale', '--no-sync', '--wal-segsize=1'];
  execFileSync(`${programs}initdb`, ['-D', data, ...password], { ...as, stdio: 'ignore' });
  writeFileSync(
    join(data, 'postgresql.auto.conf'),
    `listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\nshared_buffers = 16MB\nmax_connections = 60
max_wal_size = 16MB\nmin_wal_size = 4MB\nautovacuum = off\nlogging_collector = off\n`,
  );
  const port = await freePort();
  const admin = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  let template: string | undefined;
  let made = 0;

  const ask = async (url: string, statement: string) => {
    const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
    try {
      return (await sql.unsafe(statement)) as readonly postgres.Row[];
    } finally {
      await sql.end({ timeout: 1 });
    }
  };
  const self: Cluster = {
    port,
    folder: disk,
    ask,
    async start() {
      server = spawn(`${programs}postgres`, ['-D', data, '-p', String(port)], { ...as, stdio: 'ignore' });
      while (server.exitCode === null)
        try {
          await ask(admin, 'select 1');
          return;
        } catch {
          await sleep(50);
        }
      throw new Error(`PostgreSQL ended with ${server.exitCode}`);
    },
    async stop(how) {
      if (!server || server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await ended;
    },
    async cut() {
      const others =
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null';
      return (await ask(admin, others)).length;
    },
    async fresh() {
      const name = `field_${made++}`;
      const url = `postgres://postgres@127.0.0.1:${port}/${name}`;
      await ask(admin, `create database ${name}${template ? ` template ${template}` : ''}`);
      if (template === undefined) {
        // Migrated once: a copy of it costs a tenth.
        await using _ = await openStore({ url, home: '/nonexistent' });
        template = name;
        return self.fresh();
      }
      return url;
    },
    async [Symbol.asyncDispose]() {
      await self.stop('immediate');
      if (megabytes !== undefined) execFileSync('umount', ['-l', disk]);
      rmSync(root, { recursive: true, force: true });
    },
  };
  try {
    await self.start();
  } catch (error) {
    await self[Symbol.asyncDispose]();
    throw error;
  }
  return self;
}
