import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import type { Enumeration } from '#domain/launch.ts';
import type { chooseSandbox } from '#enumerate/choose.ts';
import { SANDBOX_UID } from '#enumerate/stage.ts';
import { sandboxNamed } from './support.ts';

const CRAWLER = join(import.meta.dirname, '../support/crawler.ts');
const isRoot = process.getuid?.() === 0;
const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** A new home folder of mode 0700, which is what mkdtemp makes. */
function newHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-home-'));
  homes.push(folder);
  return folder;
}

/** Pids of everything whose command line holds a mark. */
function marked(mark: string): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
    } catch {
      return false;
    }
  });
}

function cgroups(pid: number): readonly string[] {
  return ['', 'memory', 'pids', 'cpu', 'cpuacct']
    .map((name) => join('/sys/fs/cgroup', name, 'plimsoll'))
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder).filter((name) => name.startsWith(`${pid}-`)));
}

const drop = (uid: number) => ['/usr/bin/setpriv', '--reuid', uid, '--regid', uid, '--clear-groups'].map(String);

async function list(id: string, place: string, before: readonly string[] = []) {
  const [program, ...args] = [...before, process.execPath, CRAWLER, 'list', id, place, 'control'];
  const { stdout } = await promisify(execFile)(program!, args, {
    env: { HOME: place, PATH: '/usr/bin:/bin' },
    cwd: '/',
  });
  return JSON.parse(stdout) as { readonly stage: string; readonly found: Enumeration };
}

/** Whether anybody at all may read the project, as a crawler that is nobody must. */
function open(folder: string): boolean {
  return (statSync(folder).mode & 0o005) === 0o005 && (folder === dirname(folder) || open(dirname(folder)));
}

for (const id of ['bubblewrap', 'deno']) {
  const { refusal } = await sandboxNamed(id);
  if (refusal !== undefined) console.info(`skipped: ${id}: ${refusal}`);
  describe.skipIf(refusal !== undefined || process.platform !== 'linux')(id, () => {
    test('nothing is left two seconds after the crawler is killed, whatever the server put aside', async () => {
      const mark = `plimsoll-mark-${process.pid}-${id}`;
      const place = newHome();
      const crawler = spawn(process.execPath, [CRAWLER, 'linger', id, place, 'lingers', mark], { stdio: 'pipe' });
      await new Promise((resolve) => crawler.stdout.once('data', resolve));
      await sleep(500);
      const running = marked(mark).filter((pid) => pid !== crawler.pid);
      // setpriv's or bubblewrap's processes, and in bubblewrap the server and its two descendants.
      expect(running.length).toBeGreaterThanOrEqual(id === 'deno' ? 1 : 4);
      if (isRoot)
        for (const pid of running)
          expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(new RegExp(`Uid:\\t${SANDBOX_UID}\\t`));
      const ended = new Promise((resolve) => crawler.once('close', resolve));
      crawler.kill('SIGKILL');
      for (let i = 0; i < 40 && marked(mark).length > 0; i++) await sleep(50);
      expect(marked(mark)).toEqual([]);
      await ended;
      // What it could not clean up itself, the next one does.
      await list(id, place);
      expect(cgroups(crawler.pid!)).toEqual([]);
      const { stage } = await list(id, place);
      expect(existsSync(join(stage, 'scratch')) ? readdirSync(join(stage, 'scratch')) : []).toEqual([]);
      if (!stage.startsWith(place)) rmSync(stage, { recursive: true });
    });

    test.skipIf(!isRoot)('root with a home that nobody else can enter stages elsewhere', async () => {
      const place = newHome();
      const { stage, found } = await list(id, place);
      try {
        expect(stage).toMatch(/^\/var\/lib\/plimsoll\/[0-9a-f]{16}$/);
        expect(found.outcome, JSON.stringify(found)).toBe('listed');
        expect(found.tools).toHaveLength(3);
        expect(JSON.stringify(found)).not.toContain(stage);
      } finally {
        rmSync(stage, { recursive: true });
      }
    });

    test.skipIf(!isRoot || !open(import.meta.dirname))(
      'somebody who is not root lists from a home of their own',
      async () => {
        const uid = 65_534;
        const place = newHome();
        chownSync(place, uid, uid);
        const { stage, found } = await list(id, place, drop(uid));
        expect(stage).toBe(join(place, 'stage'));
        expect(found.outcome, JSON.stringify(found)).toBe('listed');
        expect(found.tools).toHaveLength(3);
      },
    );

    test.skipIf(!isRoot || !open(import.meta.dirname))(
      'somebody who is not root gets a sandbox that passes its self-test',
      async () => {
        const uid = 65_534;
        const place = newHome();
        chownSync(place, uid, uid);
        const [program, ...args] = [
          ...drop(uid),
          process.execPath,
          join(import.meta.dirname, '../support/choose.ts'),
          id,
          join(place, 'stage'),
        ];
        const { stdout } = await promisify(execFile)(program!, args, { env: { HOME: place }, cwd: '/' });
        const [report] = JSON.parse(stdout) as Awaited<ReturnType<typeof chooseSandbox>>['reports'];
        expect(report?.usable, report?.reason).toBe(true);
      },
    );
  });
}
