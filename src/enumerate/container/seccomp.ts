/**
 * The calls that programs need to run, read, write, listen on a loopback of their own and start others. All else is
 * refused: engines have default filters of their own, but older ones let AF_VSOCK through, which no network namespace
 * holds.
 */
const ALLOWED = `
  read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek sendfile splice tee vmsplice
  copy_file_range fadvise64 readahead fallocate ftruncate truncate fsync fdatasync sync syncfs sync_file_range
  open openat openat2 creat close close_range dup dup2 dup3 fcntl flock ioctl pipe pipe2 umask
  stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat getdents getdents64
  mkdir mkdirat rmdir rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat mknod mknodat
  chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat
  getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr removexattr lremovexattr
  fremovexattr chdir fchdir getcwd inotify_init inotify_init1 inotify_add_watch inotify_rm_watch
  io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents
  poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
  eventfd eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime memfd_create
  bind connect listen accept accept4 getsockname getpeername getsockopt setsockopt shutdown
  sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg
  mmap munmap mremap mprotect madvise mincore msync mlock mlock2 mlockall munlock munlockall brk membarrier
  pkey_alloc pkey_free pkey_mprotect shmget shmat shmctl shmdt semget semop semtimedop semctl
  msgget msgsnd msgrcv msgctl mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
  fork vfork execve execveat exit exit_group wait4 waitid kill tkill tgkill pause restart_syscall
  rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo rt_sigsuspend
  rt_sigreturn sigaltstack alarm setitimer getitimer pidfd_open pidfd_send_signal
  getpid getppid gettid getpgid getpgrp setpgid getsid setsid getuid geteuid getgid getegid getresuid getresgid
  getgroups setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capget capset prctl
  arch_prctl set_tid_address set_robust_list get_robust_list futex futex_waitv futex_wake futex_wait futex_requeue rseq
  sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_setparam sched_getscheduler sched_setscheduler
  sched_getattr sched_setattr sched_get_priority_max sched_get_priority_min sched_rr_get_interval getpriority
  setpriority ioprio_get ioprio_set getcpu getrlimit setrlimit prlimit64 getrusage times sysinfo uname getrandom
  time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep timer_create timer_settime timer_gettime
  timer_getoverrun timer_delete seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self
`;

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, as in the filter for bubblewrap. */
const SOCKET_FAMILIES = [1, 2, 10, 16];
/** All flags of clone that make a namespace (linux/sched.h). */
const NEW_NAMESPACE = 0x7e020080;
const ENOSYS = 38;

/**
 * The filter in the form that `--security-opt seccomp=FILE` of both engines takes. A call of another calling convention
 * than the two named is refused; clone3 fails with ENOSYS, so that libc falls back to clone, whose flags can be seen.
 */
export function seccompProfile(): string {
  const when = (index: number, value: number, op: string, valueTwo?: number) => [
    { index, value, op, ...(valueTwo !== undefined && { valueTwo }) },
  ];
  const allow = { action: 'SCMP_ACT_ALLOW' };
  return JSON.stringify({
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: 1,
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64'],
    syscalls: [
      { names: ALLOWED.trim().split(/\s+/), ...allow },
      ...SOCKET_FAMILIES.map((family) => ({
        names: ['socket', 'socketpair'],
        ...allow,
        args: when(0, family, 'SCMP_CMP_EQ'),
      })),
      // The mask is the value, what must be left of it the second.
      { names: ['clone'], ...allow, args: when(0, NEW_NAMESPACE, 'SCMP_CMP_MASKED_EQ', 0) },
      { names: ['personality'], ...allow, args: when(0, 0xffffffff, 'SCMP_CMP_EQ') },
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
    ],
  });
}
