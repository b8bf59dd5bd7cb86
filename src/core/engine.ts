import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { systemProgram } from './system-program.ts';

/** The engines that can be asked; both take the same commands. */
export const ENGINES = ['docker', 'podman'] as const;
export type EngineName = (typeof ENGINES)[number];

/** A container engine that answers. */
export interface Engine {
  readonly name: EngineName;
  /** Absolute path of its client. */
  readonly program: string;
  /** Runs commands with gVisor between them and the kernel, where asked to. */
  readonly runsc: boolean;
  /** Brings an init of its own for what it starts. */
  readonly init: boolean;
}

export interface EngineAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a client needs to find its engine. Nothing else of the crawler's environment is its business. */
const CLIENT =
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|LANG|(XDG|DOCKER|CONTAINERS?|PODMAN)_.*|SSH_AUTH_SOCK|DBUS_SESSION_.*)$/;
const LOOK_MS = 10_000;
/** Podman's init comes in a package of its own, and may be missing. */
const PODMAN_INIT = ['/usr/bin', '/usr/libexec/podman', '/usr/libexec/catatonit', '/usr/lib/podman', '/usr/local/bin'];

/** The environment for a client of an engine: neither the crawler's secrets nor the proxies that it would pass on. */
export function clientEnvironment(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name, value]) => value !== undefined && CLIENT.test(name)),
  ) as Record<string, string>;
}

/** Runs one command of an engine and answers what came of it, however it ended; `code` is -1 where it took too long. */
export function askEngine(
  { program }: Pick<Engine, 'program'>,
  args: readonly string[],
  options: { readonly timeout?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<EngineAnswer> {
  const { timeout = LOOK_MS, signal } = options;
  return new Promise((resolve) => {
    const limits = { timeout, killSignal: 'SIGKILL', maxBuffer: 8_000_000, cwd: '/' } as const;
    execFile(
      program,
      args,
      { ...limits, env: clientEnvironment(), ...(signal && { signal }) },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        const late = error?.killed ? `no answer within ${timeout / 1000} s` : '';
        resolve({ code, stdout, stderr: late || stderr || (error?.message ?? '') });
      },
    );
  });
}

/** The first engine that answers of those that are wanted, or why there is none. */
export async function findEngine(wanted: EngineName | 'auto'): Promise<Engine | string> {
  const refusals: string[] = [];
  for (const name of wanted === 'auto' ? ENGINES : [wanted]) {
    const program = systemProgram(name);
    const found = program === undefined ? `${name} is not installed` : await look(name, program);
    if (typeof found !== 'string') return found;
    refusals.push(found);
  }
  return refusals.join('; ');
}

/** What both engines say of themselves, as far as it matters; Docker's client answers without its engine too. */
const Info = z.object({
  Runtimes: z.record(z.string(), z.unknown()).catch({}),
  ServerErrors: z.array(z.string()).catch([]),
  ServerVersion: z.string().optional(),
  version: z.unknown().optional(),
});

async function look(name: EngineName, program: string): Promise<Engine | string> {
  const format = name === 'docker' ? '{{json .}}' : 'json';
  const { code, stdout, stderr } = await askEngine({ program }, ['info', '--format', format]);
  const info = Info.safeParse(parseJson(stdout)).data;
  const errors = info?.ServerErrors[0] ?? (code === 0 ? 'its answer is not understood' : stderr);
  if (!info?.ServerVersion && !info?.version) return `${name} does not answer: ${firstLine(errors)}`;
  const init = name === 'docker' || PODMAN_INIT.some((folder) => existsSync(join(folder, 'catatonit')));
  return { name, program, runsc: name === 'docker' && 'runsc' in info.Runtimes, init };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first line of a client's complaint that is no warning, without its own prefixes. */
export function firstLine(text: string): string {
  const lines = text.split('\n').filter((one) => one.trim() !== '');
  const line = lines.find((one) => !/^(WARN|time=)/.test(one)) ?? lines[0] ?? 'no reason given';
  return line.replace(/^((docker|error|error response from daemon): )+/i, '').trim();
}

/** The digest of an image that the engine has already, or undefined; nothing is fetched. */
export async function imageDigest(engine: Pick<Engine, 'program'>, image: string): Promise<string | undefined> {
  const { code, stdout } = await askEngine(engine, ['image', 'inspect', '--format', '{{.Id}}', '--', image]);
  const [, digest] = /\b(?:sha256:)?([0-9a-f]{64})\b/.exec(stdout) ?? [];
  return code === 0 && digest ? `sha256:${digest}` : undefined;
}
