import { chmodSync, closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readSettings } from '#config.ts';
import { chooseSandbox, examineSandbox } from '#enumerate/choose.ts';
import type { Command, Watch } from '#enumerate/run.ts';
import type { GuaranteeId } from '#enumerate/sandbox.ts';
import { SANDBOX_UID } from '#enumerate/stage.ts';
import { sandboxNamed } from './support.ts';

type Weaken = (command: Command, watch: Watch) => { readonly command: Command; readonly watch: Watch };
const weakness = vi.hoisted(() => ({ now: undefined as Weaken | undefined }));

// Between a driver and the start of its process: what a driver would be that forgot one thing.
vi.mock('#enumerate/run.ts', async (original) => {
  const real = await original<typeof import('#enumerate/run.ts')>();
  return {
    run(command: Command, watch: Watch) {
      const weak = weakness.now?.(command, watch) ?? { command, watch };
      return real.run(weak.command, weak.watch);
    },
  };
});

// A home that anybody could enter, so that nothing but the sandbox stands before it.
const operator = vi.hoisted(() => ({ home: '' }));
vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  homedir: () => operator.home,
}));

const isRoot = process.getuid?.() === 0;
let stage = '';
beforeAll(() => {
  [stage, operator.home] = ['stage', 'home'].map((name) => mkdtempSync(join(tmpdir(), `plimsoll-${name}-`))) as [
    string,
    string,
  ];
  for (const folder of [stage, operator.home]) chmodSync(folder, 0o755);
});
afterEach(() => {
  weakness.now = undefined;
});
afterAll(() => {
  // Under load the last of what was killed goes a moment later.
  for (const folder of [stage, operator.home]) rmSync(folder, { recursive: true, maxRetries: 5 });
});

const without = (args: readonly string[], ...dropped: readonly string[]) =>
  args.filter((one) => !dropped.includes(one));
const instead = (args: readonly string[], old: string | RegExp, now: string) =>
  args.map((one) => one.replace(old, now));
/** Without the watchdog. */
const blind = ({ look: _, ...watch }: Watch): Watch => watch;

/** Changes the flags that bubblewrap reads from its second descriptor. */
function flags(command: Command, change: (flags: readonly string[]) => readonly string[]): Command {
  const [filter, old] = command.descriptors as [number, number];
  const bytes = Buffer.alloc(fstatSync(old).size);
  readSync(old, bytes, 0, bytes.length, 0);
  const path = join(stage, `flags-${old}-${Math.random()}`);
  writeFileSync(
    path,
    change(bytes.toString().split('\0').slice(0, -1))
      .map((flag) => `${flag}\0`)
      .join(''),
  );
  const descriptor = openSync(path, 'r');
  setTimeout(() => closeSync(descriptor), 5000).unref();
  return { ...command, descriptors: [filter, descriptor] };
}
const flagged =
  (change: (flags: readonly string[]) => readonly string[]): Weaken =>
  (command, watch) => ({ command: flags(command, change), watch });
const noFilter = (all: readonly string[]) => without(all, '--seccomp', '3');
const ungrouped = (command: Command): Command => ({
  ...command,
  args: command.args.filter((one) => !one.startsWith('/sys/fs/cgroup')),
});
const args =
  (change: (args: readonly string[]) => readonly string[]): Weaken =>
  (command, watch) => ({ command: { ...command, args: change(command.args) }, watch });

interface Hole {
  readonly hole: string;
  readonly breaks: readonly GuaranteeId[];
  readonly weaken: Weaken;
  readonly root?: true;
}

const BUBBLEWRAP: readonly Hole[] = [
  {
    hole: 'the environment passed on',
    breaks: ['clean-environment'],
    weaken: (command, watch) => ({
      command: flags({ ...command, env: { PLIMSOLL_SELF_TEST: 'x' } }, (all) => without(all, '--clearenv')),
      watch,
    }),
  },
  {
    hole: 'an environment cleared only for the server',
    breaks: ['clean-environment'],
    weaken: (command, watch) => ({ command: { ...command, env: { PLIMSOLL_SELF_TEST: 'x' } }, watch }),
  },
  {
    hole: 'the home folder mounted',
    breaks: ['home-unreadable'],
    weaken: flagged((all) =>
      all.toSpliced(all.lastIndexOf('--remount-ro'), 0, '--ro-bind', operator.home, operator.home),
    ),
  },
  {
    hole: 'the network shared',
    breaks: ['no-host-loopback', 'no-dns'],
    weaken: flagged((all) => all.toSpliced(1, 0, '--share-net')),
  },
  { hole: 'no system call filter', breaks: ['no-vsock'], weaken: flagged(noFilter) },
  {
    hole: 'namespaces of its own allowed',
    breaks: ['no-nested-namespaces'],
    weaken: flagged((all) => without(noFilter(all), '--disable-userns')),
  },
  {
    // Without control groups the watchdog on memory ends so many processes first.
    root: true,
    hole: 'no bound on processes',
    breaks: ['forks-stopped'],
    weaken: (command, watch) => ({
      command: { ...ungrouped(command), args: without(ungrouped(command).args, '--nproc=64') },
      watch,
    }),
  },
  {
    hole: 'no bound on memory',
    breaks: ['memory-stopped'],
    weaken: (command, { cpuTime, after }) => ({
      command: ungrouped(command),
      watch: { ...(cpuTime && { cpuTime }), ...(after && { after }) },
    }),
  },
  {
    hole: 'scratch folders without a size',
    breaks: ['disk-bounded'],
    weaken: flagged((all) => instead(all, /^8388608$/, '1073741824')),
  },
  {
    hole: 'a tree that can be written',
    breaks: ['writes-confined'],
    weaken: flagged((all) => {
      const at = all.findIndex((one, i) => one === '--remount-ro' && all[i + 1] === '/');
      return all.toSpliced(at, 2);
    }),
  },
  {
    hole: 'root outside',
    breaks: ['proc-sys-read-only'],
    root: true,
    weaken: args((all) => {
      const from = all.findIndex((one) => one.endsWith('/setpriv'));
      return all.toSpliced(from, all.findIndex((one) => one.endsWith('/bwrap')) - from);
    }),
  },
];

const DENO: readonly Hole[] = [
  {
    hole: 'the environment passed on',
    breaks: ['clean-environment'],
    weaken: (command, watch) => ({ command: { ...command, env: { ...command.env, PLIMSOLL_SELF_TEST: 'x' } }, watch }),
  },
  {
    hole: 'the home folder readable',
    breaks: ['home-unreadable'],
    weaken: args((all) => instead(all, '--allow-read=', `--allow-read=${operator.home},`)),
  },
  {
    hole: 'loopback allowed',
    breaks: ['no-host-loopback', 'no-dns'],
    weaken: args((all) => instead(all, '--deny-net', '--allow-net=127.0.0.1')),
  },
  {
    hole: 'programs allowed',
    breaks: ['forks-stopped', 'no-nested-namespaces', 'no-vsock'],
    weaken: args((all) => instead(all, '--deny-run', '--allow-run')),
  },
  {
    hole: 'foreign functions allowed',
    breaks: ['no-vsock'],
    weaken: args((all) => instead(all, '--deny-ffi', '--allow-ffi')),
  },
  { hole: 'no watchdog', breaks: ['memory-stopped'], weaken: (command, watch) => ({ command, watch: blind(watch) }) },
  {
    hole: 'no watchdog and no limit on files',
    breaks: ['disk-bounded'],
    weaken: (command, watch) => ({
      command: { ...command, args: command.args.filter((one) => !one.startsWith('--fsize')) },
      watch: blind(watch),
    }),
  },
  {
    hole: 'another folder writable',
    breaks: ['writes-confined'],
    weaken: args((all) => instead(all, '--allow-write=', '--allow-write=/var/tmp,')),
  },
  {
    // Deno keeps these apart from folders: they are to be had with all rights only. The network stays shut by a namespace:
    // a probe that could ask for a name would ask this machine's own resolver.
    root: true,
    hole: 'all rights but a network, as root',
    breaks: ['proc-sys-read-only'],
    weaken: (command, watch) => {
      const all = without(command.args, '--reuid', '--regid', '--clear-groups', String(SANDBOX_UID))
        .map((one) => (one.startsWith('--allow-read=') ? '--allow-all' : one))
        .filter((one) => !/^--(allow-(write|env|sys)|deny-(net|run|ffi|import))/.test(one));
      const apart = ['--net', '--', command.program, ...all];
      return { command: { ...command, program: '/usr/bin/unshare', args: apart }, watch };
    },
  },
];

for (const [id, holes] of Object.entries({ bubblewrap: BUBBLEWRAP, deno: DENO })) {
  const { sandbox, refusal } = await sandboxNamed(id);
  if (refusal !== undefined) console.info(`skipped: ${id}: ${refusal}`);
  describe.skipIf(refusal !== undefined)(id, () => {
    test('is usable, and every guarantee is tried', async () => {
      const report = await examineSandbox(sandbox, stage);
      expect(report.reason).toBeUndefined();
      expect(report.usable).toBe(true);
      expect(report.checks.filter((check) => !check.held)).toEqual([]);
      expect(report.checks.filter((check) => !check.tested)).toEqual([]);
    });

    for (const { hole, breaks, weaken, root } of holes)
      test.skipIf(root && !isRoot)(`is refused with ${hole}`, async () => {
        weakness.now = weaken;
        const report = await examineSandbox(sandbox, stage);
        expect(report.usable, JSON.stringify(report)).toBe(false);
        expect(report.reason).toContain('its self-test failed');
        for (const name of breaks) {
          expect(report.reason).toContain(`${name} (`);
          expect(report.checks.find((check) => check.name === name)).toMatchObject({ held: false, tested: true });
        }
      });

    test('is refused when the probe cannot run, with what was said', async () => {
      weakness.now = (command, watch) => ({
        command: {
          program: '/bin/sh',
          args: ['-c', 'echo no permission to do this >&2; exit 1'],
          descriptors: command.descriptors ?? [],
        },
        watch,
      });
      const report = await examineSandbox(sandbox, stage);
      expect(report).toMatchObject({ usable: false, checks: [] });
      expect(report.reason).toContain('no permission to do this');
    });

    test('is refused when its program is gone', async () => {
      weakness.now = (command, watch) => ({ command: { ...command, program: '/nowhere/bwrap' }, watch });
      const report = await examineSandbox(sandbox, stage);
      expect(report).toMatchObject({ usable: false });
      expect(report.reason).toContain('could not be started');
    });
  });
}

test('a sandbox that nobody wrote is wrong use', async () => {
  const settings = readSettings({});
  await expect(chooseSandbox('jail', { stage, settings })).rejects.toThrow(
    /auto, container, bubblewrap, deno and none/,
  );
});
