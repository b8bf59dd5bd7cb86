// Runs inside a sandbox at the start of a run and tries to break out, gently: nothing it does would hurt if it worked,
// and no packet of it leaves the machine. Prints one JSON object {guarantee: what happened}; '' means that it held,
// null that it could not be tried here.
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup, Resolver } from 'node:dns/promises';
import { closeSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const [port, dnsPort, canary, forks] = process.argv.slice(2);
const { Deno } = globalThis;
const results = {};
const tell = (guarantee, broke) => {
  results[guarantee] = broke;
};
const withTime = (promise, ms) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms, 'timeout'))]);
/** Whether Deno would let it: what the preload puts in Deno's place always says no. */
const granted = (name, more) => Deno?.permissions.querySync({ name, ...more }).state === 'granted';

try {
  await withTime(lookup(`plimsoll-${process.pid}.invalid`), 1000);
  tell('no-dns', 'a name that does not exist was looked up');
} catch (error) {
  // "No such name" is an answer, and somebody must have given it.
  tell('no-dns', error.code === 'ENOTFOUND' && error.syscall === 'getaddrinfo' ? 'a name server answered' : '');
}
try {
  const resolver = new Resolver({ timeout: 300, tries: 1 });
  resolver.setServers([`127.0.0.1:${dnsPort}`]);
  await resolver.resolve4('plimsoll.invalid');
} catch {
  // Whether it got through is seen at the other end.
}
if (granted('net', { host: `127.0.0.1:${dnsPort}` })) tell('no-dns', 'packets may be sent');
if (!Deno) {
  const asking = createSocket('udp4').on('error', () => {});
  await withTime(new Promise((resolve) => asking.send('plimsoll', Number(dnsPort), '127.0.0.1', resolve)), 300);
}

await new Promise((resolve) => {
  const done = (broke) => {
    tell('no-host-loopback', broke);
    resolve();
  };
  try {
    const socket = connect(Number(port), '127.0.0.1', () => done("the host's loopback was reached"));
    socket.on('error', () => done(''));
    socket.setTimeout(1000, () => done(''));
  } catch {
    done('');
  }
});

const opened = (path, flags) => {
  try {
    closeSync(openSync(path, flags));
    return `${path} could be opened`;
  } catch {
    return '';
  }
};

const AF_VSOCK = 40;
const python = `import socket\ntry: socket.socket(${AF_VSOCK}, 1)\nexcept OSError: raise SystemExit(0)\nraise SystemExit(7)`;
const tries = [
  ['/usr/bin/perl', ['-e', `exit(socket(my $s, ${AF_VSOCK}, 1, 0) ? 7 : 0)`]],
  ['/usr/bin/python3', ['-c', python]],
];
const vsock = tries.map(([program, args]) => spawnSync(program, args)).find(({ status }) => status !== null);
const foreign = ['ffi', 'run'].filter((name) => granted(name));
if (Deno) tell('no-vsock', foreign.length > 0 ? `${foreign} is allowed` : '');
else tell('no-vsock', vsock === undefined ? null : vsock.status === 7 ? 'a vsock could be opened' : '');

let first = '';
try {
  first = readFileSync('/proc/1/environ', 'utf8');
} catch {
  // Not to be read at all: better still.
}
const own = Object.keys(process.env);
const firsts = first.split('\0').flatMap((one) => one.match(/^[^=]+(?==)/) ?? []);
// A container's first process may have what the server has, and nothing beyond.
const beyond = firsts.filter((name) => !own.includes(name));
const FOREIGN = /^(PLIMSOLL_|DATABASE_URL$|npm_config_|SSH_|USER$)|_PROXY$/i;
const leaked = [...new Set([...beyond, ...[...own, ...firsts].filter((name) => FOREIGN.test(name))])];
tell('clean-environment', leaked.length > 0 ? `${leaked.slice(0, 5)} can be seen` : '');
tell('home-unreadable', opened(canary, 'r'));
tell('proc-sys-read-only', opened('/proc/sys/kernel/core_pattern', 'r+'));

const written = [
  '/plimsoll-probe',
  '/usr/plimsoll-probe',
  '/etc/plimsoll-probe',
  '/dev/plimsoll-probe',
  '/var/tmp/plimsoll-probe',
  `${canary}-probe`,
  `${import.meta.dirname}/written`,
].filter((path) => {
  try {
    writeFileSync(path, 'x');
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
});
tell('writes-confined', written.length > 0 ? `${written.join(', ')} could be written` : '');

const nested = spawnSync('/usr/bin/unshare', ['--user', '/bin/true']);
const made = nested.status === 0 || granted('run');
tell('no-nested-namespaces', made ? 'a user namespace could be made' : nested.status === null && !Deno ? null : '');

let started = 0;
const children = [];
for (let i = 0; i < Number(forks); i++) {
  // Without pipes: the bound on open files must not stand in for the one on processes.
  const child = spawn('/bin/sleep', ['5'], { stdio: 'ignore' });
  child.on('error', () => {});
  if (child.pid) {
    started++;
    children.push(child);
  }
}
const boundless = started === Number(forks) ? `all of ${forks} processes could be started` : '';
tell('forks-stopped', granted('run') ? 'processes may be started' : boundless);
for (const child of children) child.kill('SIGKILL');

process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0));
