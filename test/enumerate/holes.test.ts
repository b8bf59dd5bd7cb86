import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inside, openYard, sandboxNamed, type Yard } from './support.ts';

/** Tries a list of expressions, each in its own try; what throws is told by its code. */
const TRY = `
const fs = await import('node:fs');
const { spawnSync } = await import('node:child_process');
const tried = {};
for (const [name, code] of Object.entries(JSON.parse(given[0]))) {
  try {
    tried[name] = (await new (async () => {}).constructor('fs', 'spawnSync', 'return ' + code)(fs, spawnSync)) ?? null;
  } catch (error) {
    tried[name] = 'refused ' + (error.code ?? error.name);
  }
}
return tried;`;

/** Makes one system call by its number, in whatever language of the machine can. */
const CALL = `
const { spawnSync } = await import('node:child_process');
const calls = JSON.parse(given[0]);
const done = {};
for (const [name, args] of Object.entries(calls)) {
  const perl = \`my $r = syscall(\${args.join(', ')}); print $r == -1 ? $!+0 : 'done'\`;
  done[name] = spawnSync('/usr/bin/perl', ['-e', perl], { encoding: 'utf8' }).stdout;
}
return done;`;

const [bubblewrap, deno] = await Promise.all([sandboxNamed('bubblewrap'), sandboxNamed('deno')]);
for (const { sandbox, refusal } of [bubblewrap, deno])
  if (refusal !== undefined) console.info(`skipped: ${sandbox.id}: ${refusal}`);

let yard: Yard;
let canary: string;
beforeAll(async () => {
  yard = await openYard();
  canary = mkdtempSync(join(homedir(), '.plimsoll-test-'));
  writeFileSync(join(canary, 'secret'), 'canary', { mode: 0o644 });
});
afterAll(async () => {
  rmSync(canary, { recursive: true });
  await yard[Symbol.asyncDispose]();
});

describe.skipIf(bubblewrap.refusal !== undefined)('holes of a naive bubblewrap, each closed', () => {
  const { sandbox } = bubblewrap;
  const look = async (tries: Record<string, string>, env = {}) =>
    (await inside(yard, sandbox, TRY, [JSON.stringify(tries)], { env })) as Record<string, unknown>;

  test('it is not root outside: nothing of the kernel can be written', async () => {
    const paths = ['kernel/core_pattern', 'vm/drop_caches', 'net/ipv4/ip_forward', 'kernel/hostname'];
    const open = (path: string) => `fs.openSync('/proc/sys/${path}', fs.constants.O_WRONLY)`;
    const tried = await look(Object.fromEntries(paths.map((path) => [path, open(path)])));
    for (const path of paths) expect(tried[path], path).toMatch(/^refused E(ACCES|ROFS|PERM)$/);
  });

  test('nothing of the crawler shows: environment, command lines, paths, names', async () => {
    process.env.PLIMSOLL_TEST_CANARY = 'canary';
    const seen = await look(
      {
        environ: `fs.readFileSync('/proc/1/environ', 'utf8')`,
        commands: `['1', 'self'].map((pid) => fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8')).join()`,
        env: 'Object.keys(process.env).sort()',
        hostname: `(await import('node:os')).hostname()`,
        pids: `fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length`,
        etc: `fs.readdirSync('/etc').sort()`,
        shadow: `fs.readFileSync('/etc/shadow', 'utf8')`,
        home: `fs.readFileSync('${canary}/secret', 'utf8')`,
        project: `fs.readFileSync('${import.meta.filename}', 'utf8')`,
        sys: `fs.readdirSync('/sys')`,
        local: `fs.readdirSync('/usr/local')`,
        cgroup: `fs.readFileSync('/proc/self/cgroup', 'utf8')`,
      },
      { GIVEN: 'x' },
    );
    delete process.env.PLIMSOLL_TEST_CANARY;
    expect(seen).toMatchObject({
      environ: '',
      env: ['GIVEN', 'HOME', 'LANG', 'PATH', 'PWD'],
      hostname: 'sandbox',
      shadow: 'refused ENOENT',
      home: 'refused ENOENT',
      project: 'refused ENOENT',
      sys: 'refused ENOENT',
    });
    expect(seen.commands).not.toContain(yard.stage);
    expect(JSON.stringify(seen)).not.toContain(hostname() === 'sandbox' ? '\0' : `"${hostname()}"`);
    expect(seen.pids).toBeLessThan(4);
    expect(seen.etc).toEqual(['group', 'hosts', 'nsswitch.conf', 'passwd', 'resolv.conf', 'ssl']);
    expect(seen.local).toEqual([]);
  });

  test('it writes only to scratch folders of a known size', async () => {
    const places = [
      '/',
      '/usr',
      '/etc',
      '/dev',
      '/proc',
      '/srv/pkg',
      '/opt/node/bin',
      '/home',
      '/dev/pts',
      '/usr/local',
    ];
    const tried = await look(Object.fromEntries(places.map((place) => [place, `fs.writeFileSync('${place}/x', 'x')`])));
    for (const place of places) expect(tried[place], place).toMatch(/^refused E/);
    const fill = `(() => { const piece = Buffer.alloc(1 << 20); let n = 0;
      try { for (; n < 64; n++) fs.appendFileSync(PLACE + '/x', piece); } catch {} return n; })()`;
    const filled = await look({ tmp: fill.replace('PLACE', `'/tmp'`), shm: fill.replace('PLACE', `'/dev/shm'`) });
    expect([filled.tmp, filled.shm]).toEqual([8, 16]);
  });

  test('forks are bounded inside the namespace, not by what the uid runs elsewhere', async () => {
    const count = `
      const { spawn } = await import('node:child_process');
      let n = 0;
      for (let i = 0; i < 200; i++) { const c = spawn('/bin/sleep', ['9'], { stdio: 'ignore' }); c.on('error', () => {}); if (c.pid) n++; }
      return n;`;
    const counts = await Promise.all([50, 50].map((pids) => inside(yard, sandbox, count, [], { limits: { pids } })));
    for (const n of counts) {
      expect(n).toBeGreaterThan(20);
      expect(n).toBeLessThan(50);
    }
  });

  test.skipIf(process.arch !== 'x64')('the kernel refuses what no server needs', async () => {
    const EPERM = '1';
    const ENOSYS = '38';
    const calls = {
      vsock: [41, 40, 1, 0],
      packet: [41, 17, 3, 0],
      inet: [41, 2, 1, 0],
      netlink: [41, 16, 3, 0],
      unshareUser: [272, 0x10000000],
      cloneUser: [56, 0x10000000 | 17, 0, 0, 0, 0],
      clone3: [435, 0, 0],
      ptrace: [101, 0, 0, 0, 0],
      bpf: [321, 0, 0, 0],
      keyctl: [250, 0, 0],
      ioUring: [425, 1, 0],
      perf: [298, 0, 0, 0, 0, 0],
      mount: [165, 0, 0, 0, 0, 0],
      userfaultfd: [323, 0],
      syslog: [103, 10, 0, 0],
      setns: [308, 0, 0],
    };
    const { inet, netlink, clone3, ...refused } = (await inside(yard, sandbox, CALL, [
      JSON.stringify(calls),
    ])) as Record<string, string>;
    expect([inet, netlink, clone3]).toEqual(['done', 'done', ENOSYS]);
    expect(Object.values(refused), JSON.stringify(refused)).toEqual(Object.values(refused).map(() => EPERM));
    const status = await look({ status: `fs.readFileSync('/proc/self/status', 'utf8')` });
    expect(status.status).toMatch(/CapEff:\t0{16}\n/);
    expect(status.status).toMatch(/CapBnd:\t0{16}\n/);
    expect(status.status).toMatch(/NoNewPrivs:\t1\n/);
    expect(status.status).toMatch(/Seccomp:\t2\n/);
  });

  test('there is no network but its own loopback', async () => {
    const interfaces = await look({
      own: `Object.keys((await import('node:os')).networkInterfaces())`,
      routes: `fs.readFileSync('/proc/net/route', 'utf8').trim().split('\\n').length`,
    });
    expect(interfaces).toEqual({ own: ['lo'], routes: 1 });
  });
});

describe.skipIf(deno.refusal !== undefined)('ways around permissions in Deno, each closed', () => {
  const { sandbox } = deno;

  test('neither imports nor packages nor requests reach the network', async () => {
    const hits: string[] = [];
    const server = createServer((request, response) => {
      hits.push(request.url ?? '');
      response.end('export default 1');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tries = {
      import: `import('${base}/import.js')`,
      npm: `import('npm:plimsoll-no-such-package@1.0.0')`,
      jsr: `import('jsr:@plimsoll/none@1.0.0')`,
      fetch: `fetch('${base}/fetch')`,
      worker: `new Promise((resolve, reject) => { new Worker('${base}/worker.js', { type: 'module' }).onerror = (e) => { e.preventDefault(); reject(new Error(e.message)); }; })`,
      connect: `(await import('node:net')).connect(${new URL(base).port}, '127.0.0.1') && new Promise((r, j) => setTimeout(j, 200, new Error('no')))`,
      lookup: `(await import('node:dns/promises')).lookup('plimsoll.invalid')`,
    };
    const env = { NPM_CONFIG_REGISTRY: `${base}/npm/`, npm_config_registry: `${base}/npm/`, JSR_URL: `${base}/jsr/` };
    const code = `process.on('uncaughtException', () => {});${TRY}`;
    const tried = (await inside(yard, sandbox, code, [JSON.stringify(tries)], { env })) as Record<string, string>;
    server.close();
    for (const [name, what] of Object.entries(tried)) expect(what, name).toMatch(/^refused/);
    expect(hits).toEqual([]);
  });

  test('a variable reaches the server, and no loader outside of the sandbox', async () => {
    const env = { LD_PRELOAD: '/nowhere/evil.so', NODE_OPTIONS: '--no-such-option', ACME_KEY: 'x' };
    const seen = await inside(yard, sandbox, `return given.map((name) => process.env[name])`, Object.keys(env), {
      env,
    });
    expect(seen).toEqual(Object.values(env));
  });

  test('it reads the package and its own folder, and sees an empty machine elsewhere', async () => {
    const tries = {
      home: `fs.readFileSync('${canary}/secret', 'utf8')`,
      exists: `fs.existsSync('${canary}/secret')`,
      promised: `fs.promises.readFile('${canary}/secret', 'utf8')`,
      called: `new Promise((ok, no) => fs.readFile('${canary}/secret', (e, d) => e ? no(e) : ok(String(d))))`,
      project: `fs.readFileSync('${import.meta.filename}', 'utf8')`,
      environ: `fs.readFileSync('/proc/self/environ', 'utf8')`,
      write: `fs.writeFileSync('/tmp/plimsoll-escaped', 'x')`,
      intoPackage: `fs.writeFileSync('${yard.tree}/x', 'x')`,
      link: `fs.symlinkSync('${canary}', process.env.HOME + '/out') ?? fs.readFileSync(process.env.HOME + '/out/secret', 'utf8')`,
      spawn: `spawnSync('/bin/true').error.code`,
      deno: `new Deno.Command('/bin/true').outputSync()`,
      ffi: `Deno.dlopen('/lib/x86_64-linux-gnu/libc.so.6', {})`,
      named: `(await import('./lib/named-imports.mjs')).exists('${canary}/secret')`,
      required: `Object.keys((await import('node:module')).createRequire('${yard.tree}/x')('./lib/imports-more.mjs')).length`,
      own: `fs.readFileSync('${yard.tree}/control.mjs', 'utf8').length > 0`,
      scratch: `fs.writeFileSync(process.env.HOME + '/x', 'kept') ?? fs.readFileSync(process.env.HOME + '/x', 'utf8')`,
      hostname: `(await import('node:os')).hostname()`,
      env: 'Object.keys(process.env).sort()',
    };
    const seen = (await inside(yard, sandbox, TRY, [JSON.stringify(tries)])) as Record<string, unknown>;
    const { spawn, own, scratch, exists, named, required, hostname: host, env, ...refused } = seen;
    expect([spawn, own, scratch, exists, named, required, host]).toEqual([
      'ENOENT',
      true,
      'kept',
      false,
      false,
      1,
      'sandbox',
    ]);
    expect(env).toEqual([
      ...['DENO_DIR', 'DENO_NO_PROMPT', 'DENO_NO_UPDATE_CHECK', 'HOME', 'LANG', 'NO_COLOR', 'PATH', 'TMPDIR'],
    ]);
    for (const [name, what] of Object.entries(refused)) expect(what, name).toMatch(/^refused/);
    for (const name of ['home', 'promised', 'called', 'project']) expect(refused[name], name).toBe('refused ENOENT');
  });
});
