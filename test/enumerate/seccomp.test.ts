import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { seccompFilter } from '#enumerate/bubblewrap/seccomp.ts';

const AUDIT = { x64: 0xc000003e, arm64: 0xc00000b7, i386: 0x40000003 } as const;
type Arch = 'x64' | 'arm64';

/** What the kernel would answer: the filter run as classic BPF over struct seccomp_data. */
function decide(arch: Arch, number: number, args: readonly bigint[] = [], audit: number = AUDIT[arch]): string {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number >>> 0, 0);
  data.writeUInt32LE(audit, 4);
  for (const [i, arg] of args.entries()) data.writeBigUInt64LE(BigInt.asUintN(64, arg), 16 + 8 * i);
  const program = seccompFilter(arch);
  let accumulator = 0;
  for (let at = 0; at < program.length; at += 8) {
    const [code, jt, jf, k] = [
      program.readUInt16LE(at),
      program[at + 2]!,
      program[at + 3]!,
      program.readUInt32LE(at + 4),
    ];
    const jump = (when: boolean) => {
      at += 8 * (when ? jt : jf);
    };
    if (code === 0x20) accumulator = data.readUInt32LE(k);
    else if (code === 0x15) jump(accumulator === k);
    else if (code === 0x35) jump(accumulator >= k);
    else if (code === 0x45) jump((accumulator & k) !== 0);
    else if (code === 0x06)
      return k === 0x7fff0000
        ? 'allow'
        : k === 0x80000000
          ? 'kill'
          : k >>> 16 === 5
            ? `errno ${k & 0xffff}`
            : 'unknown';
    else throw new Error(`no such instruction: ${code}`);
  }
  throw new Error('the filter has no end');
}

const HEADERS: Readonly<Record<Arch, readonly string[]>> = {
  x64: ['/usr/include/x86_64-linux-gnu/asm/unistd_64.h'],
  arm64: ['/usr/include/asm-generic/unistd.h'],
};

/** System calls by name as the kernel's own headers number them; empty where those are not installed. */
function numbers(arch: Arch): ReadonlyMap<string, number> {
  const path = HEADERS[arch].find(existsSync);
  if (path === undefined) return new Map();
  const found = readFileSync(path, 'utf8').matchAll(/^#define __NR(?:3264)?_(\w+)\s+(\d+)/gm);
  return new Map([...found].map(([, name, number]) => [name!, Number(number)]));
}

/** All that must be refused, by the kernel's names; arm64 has no number for some. */
const REFUSED =
  `ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd syslog personality vhangup pivot_root chroot mount
  umount2 open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr setns adjtimex clock_settime clock_adjtime
  settimeofday acct swapon swapoff reboot sethostname setdomainname init_module finit_module delete_module kexec_load
  kexec_file_load quotactl quotactl_fd lookup_dcookie nfsservctl add_key request_key keyctl bpf perf_event_open
  userfaultfd io_uring_setup io_uring_enter io_uring_register fanotify_init name_to_handle_at open_by_handle_at mbind
  set_mempolicy migrate_pages move_pages memfd_secret`.split(/\s+/);
/** What Node, Python and a shell cannot do without. */
const NEEDED =
  `read write close mmap mprotect munmap brk rt_sigaction ioctl execve exit exit_group wait4 kill futex openat
  newfstatat statx getdents64 epoll_pwait eventfd2 pipe2 dup3 connect bind listen accept4 sendmsg recvmsg prlimit64
  getrandom memfd_create clock_gettime sched_getaffinity rseq set_robust_list madvise prctl seccomp fcntl`.split(/\s+/);

const EPERM = 'errno 1';
const ENOSYS = 'errno 38';
const NEW = {
  ns: 0x20000,
  cgroup: 0x2000000,
  uts: 0x4000000,
  ipc: 0x8000000,
  user: 0x10000000,
  pid: 0x20000000,
  net: 0x40000000,
};
const CALLS = {
  x64: { clone: 56, unshare: 272, socket: 41, socketpair: 53 },
  arm64: { clone: 220, unshare: 97, socket: 198, socketpair: 199 },
} as const;

for (const arch of ['x64', 'arm64'] as const)
  describe(arch, () => {
    const known = numbers(arch);
    if (known.size === 0) console.info(`skipped: no kernel headers for ${arch}`);

    test.skipIf(known.size === 0)('refuses, by the numbers of the kernel, what it means to, and nothing else', () => {
      const special = new Set(['clone', 'clone3', 'unshare', 'socket', 'socketpair', 'open_tree_attr']);
      const refused = [...known].filter(([name, number]) => !special.has(name) && decide(arch, number) !== 'allow');
      expect(refused.map(([name]) => name).sort()).toEqual(REFUSED.filter((name) => known.has(name)).sort());
      for (const [name, number] of refused) expect(decide(arch, number), name).toBe(EPERM);
      for (const name of NEEDED) if (known.has(name)) expect(decide(arch, known.get(name)!), name).toBe('allow');
      for (const name of Object.keys(CALLS[arch]) as (keyof typeof CALLS.x64)[])
        expect(known.get(name)).toBe(CALLS[arch][name]);
    });

    test('answers to clone3 that there is none, so that the flags of clone can be looked at', () => {
      expect(decide(arch, 435)).toBe(ENOSYS);
    });

    test('lets threads and processes be made, and no namespace', () => {
      const { clone, unshare } = CALLS[arch];
      const thread = 0x3d0f00n;
      expect(decide(arch, clone, [thread])).toBe('allow');
      expect(decide(arch, clone, [0x1200011n])).toBe('allow');
      for (const [name, flag] of Object.entries(NEW)) {
        expect(decide(arch, clone, [BigInt(flag) | 17n]), name).toBe(EPERM);
        expect(decide(arch, unshare, [BigInt(flag)]), name).toBe(EPERM);
      }
      expect(decide(arch, unshare, [0x80n]), 'time').toBe(EPERM);
      expect(decide(arch, unshare, [0x400n]), 'files').toBe('allow');
    });

    test('knows four families of sockets, whatever the upper half of the argument says', () => {
      const { socket, socketpair } = CALLS[arch];
      for (const call of [socket, socketpair])
        for (let family = 0; family < 64; family++)
          for (const upper of [0n, 1n << 32n, 0xffffffffn << 32n])
            expect(decide(arch, call, [BigInt(family) | upper]), String(family)).toBe(
              [1, 2, 10, 16].includes(family) ? 'allow' : EPERM,
            );
    });

    test('ends what speaks to the kernel in another way', () => {
      expect(decide(arch, 1, [], AUDIT.i386)).toBe('kill');
      expect(decide(arch, 1, [], AUDIT[arch === 'x64' ? 'arm64' : 'x64'])).toBe('kill');
      if (arch === 'x64')
        for (const number of [0x40000000, 0x40000000 + 41, 0xffffffff]) expect(decide(arch, number)).toBe('kill');
    });
  });

test('there is none for a machine that nobody looked at', () => {
  expect(() => seccompFilter('riscv64')).toThrow(/no seccomp filter for riscv64/);
});
