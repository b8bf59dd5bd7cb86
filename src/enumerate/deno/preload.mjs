// Runs in Deno before the server. Deno answers a denied read or spawn with an error that no program for Node expects;
// here it looks as it would on an empty machine: the file is not there, the program is not installed. Nothing is
// allowed by this: the permissions are Deno's, and hold whether or not a server takes these wrappers off.
import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import Module, { registerHooks } from 'node:module';
import os from 'node:os';
import { PassThrough } from 'node:stream';

const environment = `${process.env.HOME}/.plimsoll-environment.json`;
Object.assign(process.env, JSON.parse(fs.readFileSync(environment, 'utf8')));
fs.unlinkSync(environment);
os.hostname = () => 'sandbox';
os.networkInterfaces = () => ({});

const DENIED = new Set(['NotCapable', 'PermissionDenied']);
const absent = (call, what) =>
  Object.assign(new Error(`ENOENT: no such file or directory, ${call} '${what}'`), {
    code: 'ENOENT',
    errno: -2,
    syscall: call,
    path: String(what),
  });
const mapped = (error, call, what) => (DENIED.has(error?.name) ? absent(call, what) : error);

function wrapped(name, original) {
  return function (...args) {
    const last = args.at(-1);
    if (typeof last === 'function')
      args[args.length - 1] = (error, ...rest) => last(error && mapped(error, name, args[0]), ...rest);
    let result;
    try {
      result = original.apply(this, args);
    } catch (error) {
      const seen = mapped(error, name, args[0]);
      if (typeof last !== 'function' || seen === error) throw seen;
      queueMicrotask(() => last(seen));
      return undefined;
    }
    return result instanceof Promise
      ? result.catch((error) => {
          throw mapped(error, name, args[0]);
        })
      : result;
  };
}

function wrapAll(module) {
  for (const [name, value] of Object.entries(module))
    if (typeof value === 'function' && /^[a-z]/.test(name) && !/^(create|watch|unwatch)/.test(name) && !value.native)
      module[name] = wrapped(name, value);
}
const { native: nativeSync } = fs.realpathSync;
const { native } = fs.realpath;
wrapAll(fs);
wrapAll(fs.promises);
fs.realpathSync.native = wrapped('realpath', nativeSync ?? fs.realpathSync);
fs.realpath.native = wrapped('realpath', native ?? fs.realpath);
const { existsSync, accessSync } = fs;
fs.existsSync = (path) => {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
};
fs.accessSync = accessSync;

const missing = (command) =>
  Object.assign(new Error(`spawn ${command} ENOENT`), {
    code: 'ENOENT',
    errno: -2,
    syscall: `spawn ${command}`,
    path: String(command),
  });

function child(command) {
  const made = Object.assign(new EventEmitter(), {
    pid: undefined,
    exitCode: null,
    signalCode: null,
    connected: false,
    killed: false,
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    kill: () => false,
    ref() {},
    unref() {},
    send: () => false,
    disconnect() {},
  });
  setTimeout(() => {
    if (made.listenerCount('error') > 0) made.emit('error', missing(command));
    made.stdout.end();
    made.stderr.end();
    made.emit('close', -2, null);
  }, 0);
  return made;
}
const failing = (command, ...args) => {
  const made = child(command);
  const callback = args.at(-1);
  if (typeof callback === 'function') made.once('error', (error) => callback(error, '', ''));
  return made;
};
const throwing = (command) => {
  throw missing(command);
};
Object.assign(childProcess, {
  spawn: child,
  fork: child,
  exec: failing,
  execFile: failing,
  spawnSync: (command) => ({
    pid: 0,
    status: null,
    signal: null,
    output: null,
    stdout: null,
    stderr: null,
    error: missing(command),
  }),
  execSync: throwing,
  execFileSync: throwing,
});

// Deno's syncBuiltinESMExports does nothing, so named imports would still see what was there before; these modules are
// handed out anew. What is required, not imported, is the object changed above. There is no load hook, since with one
// Deno takes JSON that is required for a program.
const anew = new Map(
  Object.entries({ fs, 'fs/promises': fs.promises, child_process: childProcess, os }).map(([name, module]) => {
    const names = Object.keys(module).filter((key) => key !== 'default');
    const source = `import all from 'node:${name}';export default all;export const {${names}}=all;`;
    return [name, `data:text/javascript,${encodeURIComponent(source)}`];
  }),
);
const own = new Set(anew.values());
const hooks = {
  resolve(specifier, context, next) {
    const url = context.conditions?.includes('import') && anew.get(specifier.replace(/^node:/, ''));
    return url && !own.has(context.parentURL)
      ? { url, format: 'module', shortCircuit: true }
      : next(specifier, context);
  },
};
let hooked = registerHooks(hooks);
// With a hook, Deno cannot require a module that imports others. What is required needs none of this.
const { _load: load } = Module;
let requiring = 0;
Module._load = function (...args) {
  if (requiring++ === 0) hooked.deregister();
  try {
    return load.apply(this, args);
  } finally {
    if (--requiring === 0) hooked = registerHooks(hooks);
  }
};
