import { type ChildProcess, spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { isAlive } from '#core/alive.ts';
import { askEngine, clientEnvironment, type Engine } from '#core/engine.ts';
import { fingerprint } from '#core/hash.ts';
import { modulePath } from '#core/module-path.ts';

const KEEPER = modulePath(import.meta, 'keeper');
/** The label of every container of ours; its value says which crawler's. */
export const LABEL = 'plimsoll.crawler';

/** Several machines may use one engine, and each counts its processes by itself. */
const machine = fingerprint(hostname()).slice(0, 8);
/** This crawler, as its containers are labelled: machine, process, and when it began, since pids come again. */
export const CRAWLER = `${machine}-${process.pid}-${Math.round(performance.timeOrigin)}`;

/** Ends and removes what follows, at once: Podman would ask politely first, and wait for ten seconds. */
export function removal({ name }: Pick<Engine, 'name'>): readonly string[] {
  return ['rm', '--force', '--volumes', ...(name === 'podman' ? ['--time', '0'] : [])];
}

const keepers = new Map<string, ChildProcess>();

/** Makes sure that somebody removes this crawler's containers after its death. Rejects where nobody can be found to. */
export async function keepContainers(engine: Engine): Promise<void> {
  const { program } = engine;
  const known = keepers.get(program);
  if (known?.exitCode === null && known.signalCode === null) return;
  const child = spawn(process.execPath, [KEEPER, program, `${LABEL}=${CRAWLER}`, ...removal(engine)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...clientEnvironment() },
    cwd: '/',
    // A group of its own: what ends the crawler's whole group must not end it.
    detached: true,
  });
  keepers.set(program, child);
  child.stdin.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.unref();
  (child.stdin as unknown as { unref?(): void }).unref?.();
}

/** Removes containers of crawlers of this machine that are no more. */
export async function sweepContainers(engine: Engine): Promise<void> {
  const format = '{{.ID}} {{.Labels}}';
  const { stdout } = await askEngine(engine, ['ps', '-a', '--filter', `label=${LABEL}`, '--format', format]);
  const dead = stdout.split('\n').flatMap((line) => {
    // Docker writes labels as a=b, Podman as a:b.
    const [, id, where, pid] = /^(\w+) .*plimsoll\.crawler[=:]([0-9a-f]+)-(\d+)-/.exec(line) ?? [];
    return id && where === machine && !isAlive(Number(pid)) ? [id] : [];
  });
  if (dead.length > 0) await askEngine(engine, [...removal(engine), ...dead], { timeout: 30_000 });
}
