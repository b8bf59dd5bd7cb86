import { execFile, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askEngine } from '#core/engine.ts';
import type { chooseSandbox } from '#enumerate/choose.ts';
import { LABEL } from '#enumerate/container/keep.ts';
import { LIMITS } from '#enumerate/limits.ts';
import type { Program, Running } from '#enumerate/sandbox.ts';
import { containerSandboxes } from '../support/containers.ts';
import { openYard, SHORT, type Yard } from './support.ts';

const SUPPORT = join(import.meta.dirname, '../support');
const MB = 1024 * 1024;
const isRoot = process.getuid?.() === 0;

/** Command lines and pids of all processes of this machine. */
function processes(): readonly (readonly [pid: number, line: string])[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return [Number(pid), readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] as const;
      } catch {
        return [Number(pid), ''] as const;
      }
    });
}

async function said(running: Running) {
  const [out, err, ending] = await Promise.all([text(running.stdout), text(running.stderr), running.ended]);
  return { out, err, ending };
}

let yard: Yard;
beforeAll(async () => {
  yard = await openYard();
});
afterAll(() => yard[Symbol.asyncDispose]());

for (const { name, engine, sandbox, refusal } of await containerSandboxes()) {
  if (refusal !== undefined) console.info(`skipped: container: ${refusal}`);
  describe.skipIf(refusal !== undefined || process.platform !== 'linux')(`a container of ${name}`, () => {
    const start = (program: Partial<Program>, limits = SHORT) =>
      sandbox.start(
        { runtime: 'node', tree: yard.tree, entry: 'evaluates.mjs', args: [], env: {}, ...program },
        limits,
        yard.stage,
      );
    const held = async () => {
      const { stdout } = await askEngine(engine!, ['ps', '--all', '--quiet', '--filter', `label=${LABEL}`]);
      return stdout.split('\n').filter(Boolean);
    };

    test('gives a program its variables exactly, and shows them to nobody else', async () => {
      const env = { SECRET: 'sk-no #1 "quoted" $HOME=x ', EMPTY: '', HTTP_PROXY: 'http://proxy.invalid' };
      const running = await start({
        args: ['await new Promise((resolve) => setTimeout(resolve, 500)); return process.env'],
        env,
      });
      const seen = processes().filter(([, line]) => line.includes('sk-no'));
      const { out } = await said(running);
      expect(seen).toEqual([]);
      const { SECRET, EMPTY, HOME, HTTP_PROXY } = JSON.parse(out);
      expect({ SECRET, EMPTY, HOME, HTTP_PROXY }).toEqual({ ...env, HOME: '/home/u' });
      expect(readdirSync(yard.stage).filter((file) => file.startsWith('.env'))).toEqual([]);
      await expect(start({ env: { LINES: 'one\nTWO=2' } })).rejects.toThrow('LINES holds a line break');
    });

    test('tells what a program used, and that it was ended for want of memory', async () => {
      const code =
        'const held = Buffer.alloc(Number(given[0]), 1); const t = Date.now(); while (Date.now() - t < 600); return held.length';
      const running = await start({ args: [code, String(60 * MB)] });
      const { ending } = await said(running);
      expect(ending).toEqual({ code: 0, signal: null });
      expect(running.cpuTime()).toBeGreaterThan(100);
      expect(running.peakMemory()).toBeGreaterThan(60 * MB);
      const hog = await start({ entry: 'memory-hog.mjs' }, { ...SHORT, memory: 64 * MB });
      expect((await said(hog)).ending).toMatchObject({ code: 137, stopped: 'memory' });
    });

    test('runs Python, and what runs by itself', async () => {
      const tree = join(yard.stage, `tree-${name}`);
      cpSync(yard.tree, tree, { recursive: true });
      writeFileSync(join(tree, 'main.py'), 'import sys, json\nprint(json.dumps(["python", *sys.argv[1:]]))\n');
      writeFileSync(join(tree, 'native'), '#!/bin/sh\necho native "$@"\n', { mode: 0o755 });
      const python = await said(await start({ runtime: 'python', tree, entry: 'main.py', args: ['a b'] }));
      expect(python.out, python.err).toBe('["python", "a b"]\n');
      const native = await said(await start({ runtime: 'native', tree, entry: 'native', args: ['c'] }));
      expect(native.out, native.err).toBe('native c\n');
      const nothing = await said(await start({ runtime: 'native', tree, entry: 'nowhere' }));
      expect(nothing.ending.code).not.toBe(0);
    });

    test('leaves nothing behind when it is ended, however deep it hides', async () => {
      const mark = `plimsoll-mark-${process.pid}-${name}`;
      const running = await start({ entry: 'lingers.mjs', args: [mark] });
      await new Promise((resolve) => running.stdout.once('data', resolve));
      running.kill();
      await running.ended;
      expect(processes().filter(([, line]) => line.includes(mark))).toEqual([]);
    });

    test.skipIf(!isRoot)('whose crawler and whose keeper were both killed is removed by the next crawler', async () => {
      const mark = `plimsoll-orphan-${process.pid}-${name}`;
      const home = mkdtempSync(join(tmpdir(), 'plimsoll-home-'));
      chmodSync(home, 0o755);
      try {
        const crawler = spawn(
          process.execPath,
          [join(SUPPORT, 'crawler.ts'), 'linger', 'container', home, 'lingers', mark],
          { stdio: 'pipe', env: { ...process.env, PLIMSOLL_CONTAINER_ENGINE: name } },
        );
        await new Promise((resolve) => crawler.stdout.once('data', resolve));
        const keeper = processes().find(([, line]) => line.includes('keeper.ts') && line.includes(`-${crawler.pid}-`));
        process.kill(keeper![0], 'SIGKILL');
        crawler.kill('SIGKILL');
        await sleep(300);
        expect(processes().filter(([, line]) => line.includes(mark))).not.toEqual([]);
        expect(await sandbox.refuses()).toBeUndefined();
        expect(processes().filter(([, line]) => line.includes(mark))).toEqual([]);
      } finally {
        rmSync(home, { recursive: true });
      }
    });

    test('is not to be had without its image, and says how to get one', async () => {
      const without = sandbox.configured!({
        containerEngine: sandbox.settings!.containerEngine,
        containerImage: 'plimsoll/nowhere',
      });
      expect(await without.refuses()).toBe(
        `${name} has no image 'plimsoll/nowhere': npm run image makes it, PLIMSOLL_CONTAINER_IMAGE names another`,
      );
      const order = { runtime: 'node', tree: yard.tree, entry: 'control.mjs', args: [], env: {} } as const;
      await expect(without.start(order, LIMITS, yard.stage)).rejects.toThrow('has no image');
    });

    test.skipIf(!isRoot || name !== 'docker')('is not to be had by somebody who may not ask the engine', async () => {
      const place = mkdtempSync(join(tmpdir(), 'plimsoll-nobody-'));
      try {
        const drop = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
        const order = [...drop, process.execPath, join(SUPPORT, 'choose.ts'), 'container', place];
        const env = { HOME: place, PATH: '/usr/bin:/bin', PLIMSOLL_CONTAINER_ENGINE: name };
        const { stdout } = await promisify(execFile)('/usr/bin/setpriv', order, { env, cwd: '/' });
        const [report] = JSON.parse(stdout) as Awaited<ReturnType<typeof chooseSandbox>>['reports'];
        expect(report).toMatchObject({ usable: false, reason: expect.stringContaining('permission denied') });
      } finally {
        rmSync(place, { recursive: true });
      }
    });

    test('is all that was there: none of ours is left', async () => {
      for (let i = 0; i < 40 && (await held()).length > 0; i++) await sleep(100);
      expect(await held()).toEqual([]);
    });
  });
}
