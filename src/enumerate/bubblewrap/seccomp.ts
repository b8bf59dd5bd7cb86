import { endianness } from 'node:os';

/** Classic BPF, as the kernel takes it for seccomp: load, jump, return. See seccomp(2) and linux/filter.h. */
const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_BITS = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const ERRNO = 0x00050000;
const EPERM = 1;
const ENOSYS = 38;

/** Offsets in struct seccomp_data. Arguments are 64 bit; the low half comes first on the machines we know. */
const NUMBER = 0;
const ARCH = 4;
const ARGUMENT = (i: number) => 16 + 8 * i;

/** All flags of clone and unshare that make a namespace (linux/sched.h). */
const NEW_NAMESPACE = 0x7e020080;
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: everything else, AF_VSOCK above all, reaches past the network namespace. */
const SOCKET_FAMILIES = [1, 2, 10, 16];

/**
 * What no server needs in order to list its tools, by its number on x86-64 and on arm64 (asm/unistd.h): looking into
 * other processes, mounts, namespaces by descriptor, modules, clocks, keys, and the parts of the kernel with a record
 * of holes.
 */
const REFUSED: Readonly<Record<string, readonly [x64: number, arm64: number]>> = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  syslog: [103, 116],
  personality: [135, 92],
  vhangup: [153, 58],
  pivot_root: [155, 41],
  chroot: [161, 51],
  mount: [165, 40],
  umount2: [166, 39],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_tree_attr: [467, 467],
  setns: [308, 268],
  adjtimex: [159, 171],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  settimeofday: [164, 170],
  acct: [163, 89],
  swapon: [167, 224],
  swapoff: [168, 225],
  reboot: [169, 142],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  lookup_dcookie: [212, 18],
  nfsservctl: [180, 42],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  fanotify_init: [300, 262],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  memfd_secret: [447, 447],
};

interface Machine {
  /** AUDIT_ARCH_* of its calls. */
  readonly audit: number;
  readonly column: 0 | 1;
  readonly clone: number;
  readonly unshare: number;
  readonly socket: number;
  readonly socketpair: number;
  /** Numbers from here on are another calling convention (x32). */
  readonly foreign?: number;
}

const CLONE3 = 435;
const MACHINES: Readonly<Record<string, Machine>> = {
  x64: { audit: 0xc000003e, column: 0, clone: 56, unshare: 272, socket: 41, socketpair: 53, foreign: 0x40000000 },
  arm64: { audit: 0xc00000b7, column: 1, clone: 220, unshare: 97, socket: 198, socketpair: 199 },
};

/** Whether there is a filter for this kind of machine. */
export const hasFilter = process.platform === 'linux' && process.arch in MACHINES && endianness() === 'LE';

/**
 * The filter as bytes for `bwrap --seccomp`. A call of another architecture kills the process; a refused one fails with
 * EPERM, clone3 with ENOSYS, so that libc falls back to clone, whose flags can be looked at.
 */
export function seccompFilter(arch: string = process.arch): Buffer {
  const machine = MACHINES[arch];
  if (!machine) throw new Error(`there is no seccomp filter for ${arch}`);
  const program: [code: number, jt: number, jf: number, k: number][] = [];
  const say = (code: number, k: number, jt = 0, jf = 0) => program.push([code, jt, jf, k >>> 0]);
  const refuse = (errno: number) => say(RETURN, ERRNO | errno);
  say(LOAD, ARCH);
  say(JUMP_EQUAL, machine.audit, 1, 0);
  say(RETURN, KILL);
  say(LOAD, NUMBER);
  if (machine.foreign !== undefined) {
    say(JUMP_AT_LEAST, machine.foreign, 0, 1);
    say(RETURN, KILL);
  }
  for (const numbers of Object.values(REFUSED)) {
    say(JUMP_EQUAL, numbers[machine.column], 0, 1);
    refuse(EPERM);
  }
  say(JUMP_EQUAL, CLONE3, 0, 1);
  refuse(ENOSYS);
  for (const number of [machine.clone, machine.unshare]) {
    say(JUMP_EQUAL, number, 0, 4);
    say(LOAD, ARGUMENT(0));
    say(JUMP_BITS, NEW_NAMESPACE, 0, 1);
    refuse(EPERM);
    say(RETURN, ALLOW);
  }
  for (const number of [machine.socket, machine.socketpair]) {
    say(JUMP_EQUAL, number, 0, SOCKET_FAMILIES.length + 3);
    say(LOAD, ARGUMENT(0));
    for (const [i, family] of SOCKET_FAMILIES.entries()) say(JUMP_EQUAL, family, SOCKET_FAMILIES.length - i, 0);
    refuse(EPERM);
    say(RETURN, ALLOW);
  }
  say(RETURN, ALLOW);
  const bytes = Buffer.alloc(program.length * 8);
  for (const [i, [code, jt, jf, k]] of program.entries()) {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(jt, i * 8 + 2);
    bytes.writeUInt8(jf, i * 8 + 3);
    bytes.writeUInt32LE(k, i * 8 + 4);
  }
  return bytes;
}
