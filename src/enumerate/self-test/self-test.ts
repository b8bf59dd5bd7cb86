import { createSocket } from 'node:dgram';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '#core/hash.ts';
import { scrub } from '#core/text.ts';
import { LIMITS, type Limits } from '../limits.ts';
import { GUARANTEES, type GuaranteeId, type Sandbox } from '../sandbox.ts';
import { stagedText } from '../stage.ts';
import { outlives } from './outlives.ts';

/** One guarantee of a sandbox: whether it holds here, how, and whether that was tried just now. */
export interface Check {
  readonly name: GuaranteeId;
  readonly held: boolean;
  readonly tested: boolean;
  readonly how: string;
}

const MB = 1024 * 1024;
/** Small bounds, so that the test is quick; a sandbox that holds these holds larger ones by the same means. */
const SMALL: Limits = { ...LIMITS, memory: 256 * MB, disk: 8 * MB, pids: 64 };
const FORKS = 200;
const DEADLINE_MS = 15_000;
const UNTRIED = 'the probe did not get to it';

/** Puts the probes where the sandbox can read them. */
async function stageProbes(stage: string): Promise<string> {
  const sources = await Promise.all(
    ['probe.mjs', 'hog.mjs', 'linger.mjs'].map(
      async (name) => [name, await readFile(join(import.meta.dirname, name), 'utf8')] as const,
    ),
  );
  const tree = join(stage, `self-test-${sha256(sources.map(([, text]) => text).join('')).slice(0, 12)}`);
  await mkdir(tree, { recursive: true, mode: 0o755 });
  for (const [name, text] of sources) await stagedText(text, join(tree, name));
  return tree;
}

/** A file of the operator's that no server may read: in the home folder, or beside it where that cannot be written. */
function plantCanary(): { readonly path: string; remove(): void } {
  for (const parent of [homedir(), tmpdir()]) {
    try {
      const folder = mkdtempSync(join(parent, '.plimsoll-canary-'));
      const path = join(folder, 'canary');
      // Anybody may read it as far as its mode goes: only the sandbox stands before it.
      chmodSync(folder, 0o755);
      writeFileSync(path, 'sing', { mode: 0o644 });
      return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
    } catch {
      // A home that cannot be written holds no canary; the next place does.
    }
  }
  throw new Error('no folder for the canary of the sandbox self-test can be written');
}

/** Listens on loopback for what must not arrive. */
async function listen() {
  const reached = new Set<GuaranteeId>();
  const tcp = createServer((socket) => {
    reached.add('no-host-loopback');
    socket.destroy();
  });
  const udp = createSocket('udp4', () => {}).on('message', () => reached.add('no-dns'));
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
  const ports = [(tcp.address() as AddressInfo).port, udp.address().port];
  return { reached, ports, close: () => void [tcp.close(), udp.close()] };
}

/**
 * Tries every guarantee that a sandbox gives from inside it. One that is given but does not hold makes the sandbox
 * unusable. Takes one to three seconds; bounded by twenty.
 */
export async function selfTest(sandbox: Sandbox, stage: string): Promise<readonly Check[]> {
  const tree = await stageProbes(stage);
  const canary = plantCanary();
  const host = await listen();
  // If anything of the crawler's environment leaks, this does.
  process.env.PLIMSOLL_SELF_TEST = 'must not be seen';
  try {
    const [probe, memory, disk, left] = await Promise.all([
      runProbe(sandbox, tree, stage, 'probe.mjs', [...host.ports, canary.path, FORKS].map(String)),
      runProbe(sandbox, tree, stage, 'hog.mjs', ['memory', String(3 * SMALL.memory)]),
      runProbe(sandbox, tree, stage, 'hog.mjs', ['disk', String(16 * SMALL.disk)]),
      sandbox.holds['dies-with-parent'] === undefined ? undefined : outlives(sandbox, tree, stage, DEADLINE_MS),
    ]);
    if (probe.out === '') throw new Error(`the probe in it said nothing but '${scrub(probe.err)}'`);
    const said = read(probe.out);
    const hogs = { 'memory-stopped': memory, 'disk-bounded': disk } as const;
    for (const [name, { out, late }] of Object.entries(hogs))
      said[name as GuaranteeId] =
        out.includes('survived') || late ? 'nothing stopped it from taking more' : out === '' ? UNTRIED : '';
    if (left !== undefined) said['dies-with-parent'] = left;
    for (const name of host.reached) said[name] = 'a packet from inside arrived outside';
    return (Object.keys(GUARANTEES) as GuaranteeId[]).map((name) => check(name, sandbox, said[name]));
  } finally {
    delete process.env.PLIMSOLL_SELF_TEST;
    canary.remove();
    host.close();
  }
}

function check(name: GuaranteeId, sandbox: Sandbox, said: string | null = UNTRIED): Check {
  const how = sandbox.holds[name];
  if (how === undefined) return { name, held: false, tested: false, how: 'not held by this sandbox' };
  if (said === null) return { name, held: true, tested: false, how };
  return { name, held: said === '', tested: said !== UNTRIED, how: said || how };
}

function read(out: string): Partial<Record<GuaranteeId, string | null>> {
  try {
    return JSON.parse(out) as Partial<Record<GuaranteeId, string | null>>;
  } catch {
    return {};
  }
}

async function runProbe(
  sandbox: Sandbox,
  tree: string,
  stage: string,
  entry: string,
  args: readonly string[],
): Promise<{ readonly out: string; readonly err: string; readonly late: boolean }> {
  const program = await sandbox.start({ runtime: 'node', tree, entry, args, env: {} }, SMALL, stage);
  const [out, err] = [program.stdout, program.stderr].map((stream) => text(stream).catch(() => ''));
  const late = await Promise.race([program.ended.then(() => false), sleep(DEADLINE_MS, true, { ref: false })]);
  program.kill();
  await program.ended;
  return { out: await out!, err: await err!, late };
}
