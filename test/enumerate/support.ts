import { cpSync, mkdtempSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readSettings } from '#config.ts';
import type { Enumeration, Launch } from '#domain/launch.ts';
import type { Input } from '#domain/server.ts';
import { loadSandboxes } from '#enumerate/choose.ts';
import { enumerate } from '#enumerate/enumerate.ts';
import { LIMITS, type Limits } from '#enumerate/limits.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/servers');
const MB = 1024 * 1024;

/** Short and small, so that a suite of servers that use up their limits is quick. */
export const SHORT: Limits = {
  ...LIMITS,
  memory: 256 * MB,
  disk: 8 * MB,
  init: 3000,
  list: 3000,
  attempt: 6000,
  probe: 400,
  attempts: 1,
};

export interface Yard extends AsyncDisposable {
  readonly stage: string;
  /** Copy of the fixture servers that the sandbox's uid can read, wherever the project lies. */
  readonly tree: string;
}

/** A stage of its own with the fixture servers on it. */
export async function openYard(): Promise<Yard> {
  const stage = mkdtempSync(join(tmpdir(), 'plimsoll-yard-'));
  await chmod(stage, 0o755);
  const tree = join(stage, 'servers');
  cpSync(FIXTURES, tree, { recursive: true });
  return { stage, tree, [Symbol.asyncDispose]: () => rm(stage, { recursive: true, force: true, maxRetries: 3 }) };
}

/** The driver of that name, or why it cannot be used here. */
export async function sandboxNamed(id: string): Promise<{ readonly sandbox: Sandbox; readonly refusal?: string }> {
  const sandbox = (await loadSandboxes(readSettings(process.env))).find((one) => one.id === id);
  if (!sandbox) throw new Error(`no sandbox ${id}`);
  const refusal = await sandbox.refuses();
  return { sandbox, ...(refusal !== undefined && { refusal }) };
}

/** Enumerates one fixture server. */
export function visit(
  yard: Yard,
  sandbox: Sandbox,
  server: string,
  more: {
    readonly limits?: Partial<Limits>;
    readonly inputs?: readonly Input[];
    readonly stop?: AbortSignal;
    readonly python?: boolean;
  } = {},
): Promise<Enumeration> {
  const launch: Launch = {
    resolver: 'test',
    artefact: { purl: `pkg:npm/${server}`, name: server, version: '1.0.0', integrity: 'sha512-' },
    runtime: more.python ? 'python' : 'node',
    tree: yard.tree,
    entry: `${server}.${more.python ? 'py' : 'mjs'}`,
    args: [],
    inputs: more.inputs ?? [],
  };
  const stop = more.stop ?? new AbortController().signal;
  return enumerate(launch, sandbox, { stage: yard.stage, stop, limits: { ...SHORT, ...more.limits } });
}

/** Runs code inside a sandbox and returns what it returns; `given` is an array of its arguments. */
export async function inside(
  yard: Yard,
  sandbox: Sandbox,
  code: string,
  given: readonly string[] = [],
  more: { readonly limits?: Partial<Limits>; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<unknown> {
  const program = await sandbox.start(
    { runtime: 'node', tree: yard.tree, entry: 'evaluates.mjs', args: [code, ...given], env: more.env ?? {} },
    { ...SHORT, ...more.limits },
    yard.stage,
  );
  const [out, err, ending] = await Promise.all([text(program.stdout), text(program.stderr), program.ended]);
  if (ending.code !== 0) throw new Error(`ended with ${ending.code ?? ending.signal}: ${err}`);
  return JSON.parse(out);
}
