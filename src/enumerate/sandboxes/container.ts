import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askEngine, clientEnvironment, type Engine, findEngine, firstLine, imageDigest } from '#core/engine.ts';
import { fingerprint, sha256 } from '#core/hash.ts';
import { AIDS_VERSION, stageAids } from '../aids.ts';
import { fakeEtc } from '../bubblewrap/system.ts';
import { createArguments, RUNS, variables } from '../container/flags.ts';
import { CRAWLER, keepContainers, LABEL, removal, sweepContainers } from '../container/keep.ts';
import { seccompProfile } from '../container/seccomp.ts';
import { containerUsage } from '../container/usage.ts';
import type { Limits } from '../limits.ts';
import { run } from '../run.ts';
import type { Program, Running, Sandbox, SandboxSettings } from '../sandbox.ts';
import { stagedNode, stagedText } from '../stage.ts';

/** Engines under load take seconds to answer; one that takes longer than this has none. */
const ANSWER_MS = 30_000;
const SECCOMP = seccompProfile();

interface Chosen {
  readonly engine: Engine;
  readonly digest: string;
}

/** Variables in the form that both clients read, which has no place for line breaks. */
function variableFile(program: Program): string {
  return Object.entries(variables(program))
    .map(([name, value]) => {
      if (/[\n\r\0]/.test(name + value)) throw new Error(`the variable ${name} holds a line break`);
      return `${name}=${value}\n`;
    })
    .join('');
}

/** The driver with an operator's settings: which engine, and the image for programs that bring none. */
function container(settings: SandboxSettings): Sandbox {
  const { containerEngine, containerImage } = settings;
  let found: Chosen | undefined;

  async function choose(): Promise<Chosen | string> {
    const engine = await findEngine(containerEngine);
    if (typeof engine === 'string') return `no container engine: ${engine}`;
    const digest = await imageDigest(engine, containerImage);
    if (digest === undefined)
      return `${engine.name} has no image '${containerImage}': npm run image makes it, PLIMSOLL_CONTAINER_IMAGE names another`;
    found = { engine, digest };
    return found;
  }

  async function start(program: Program, limits: Limits, stage: string): Promise<Running> {
    const chosen = found ?? (await choose());
    if (typeof chosen === 'string') throw new Error(chosen);
    const { engine, digest } = chosen;
    await keepContainers(engine);
    const file = join(stage, `.env-${process.pid}-${Math.random().toString(36).slice(2)}`);
    const mounts = {
      etc: await fakeEtc(stage),
      aids: await stageAids(stage),
      ...(process.platform === 'linux' && { node: await stagedNode(stage) }),
      seccomp: await stagedText(SECCOMP, join(stage, `seccomp-${sha256(SECCOMP).slice(0, 12)}.json`)),
      variables: file,
    };
    await writeFile(file, variableFile(program), { mode: 0o600, flag: 'wx' });
    const labels = [`${LABEL}=${CRAWLER}`];
    const words = createArguments(engine, program, limits, { image: program.image ?? digest, labels, mounts });
    const made = await askEngine(engine, ['create', ...words], { timeout: ANSWER_MS });
    await rm(file);
    if (made.code !== 0) throw new Error(`${engine.name} did not make a container: ${firstLine(made.stderr)}`);
    const id = made.stdout.trim();
    const tree = program.tree === '' ? [] : [[program.tree, '/srv/pkg'] as const];
    return attach(engine, id, [...tree, [stage, '/srv']]);
  }

  return {
    id: 'container',
    title: 'a container of Docker or Podman, hardened, no network',
    strength: 3,
    runs: RUNS,
    holds: {
      'no-dns': 'no network, empty resolv.conf',
      'no-host-loopback': 'no network',
      'no-vsock': 'seccomp: sockets of four families only',
      'clean-environment': "the engine starts it, not the crawler, and the operator's proxies are taken out",
      'home-unreadable': 'only the image, the package and the Node binary are there',
      'proc-sys-read-only': 'mounted read-only, no capabilities, uid 65534',
      'forks-stopped': '--pids-limit',
      'memory-stopped': '--memory, no swap',
      'writes-confined': 'the image is mounted read-only',
      'disk-bounded': 'scratch folders are sized tmpfs',
      'no-nested-namespaces': 'seccomp and no capabilities',
      'dies-with-parent': 'a process of ours stays behind to remove its containers',
    },
    profile: (limits) =>
      fingerprint({
        id: 'container',
        version: 1,
        aids: AIDS_VERSION,
        image: found?.digest ?? containerImage,
        limits: { ...limits },
        seccomp: SECCOMP,
        flags: createArguments(
          found?.engine ?? { name: 'docker', program: '', runsc: false, init: true },
          { runtime: 'node', tree: '', entry: '', args: [], env: {} },
          limits,
          { image: '', labels: [], mounts: { etc: '', aids: '', seccomp: '', variables: '' } },
        ),
      }).slice(0, 16),
    async refuses() {
      const chosen = await choose();
      if (typeof chosen === 'string') return chosen;
      await sweepContainers(chosen.engine);
      return undefined;
    },
    start,
    configured: container,
    settings,
    async remains(argument) {
      const listed = ['ps', '--all', '--no-trunc', '--format', '{{.Command}}'];
      const { stdout } = found ? await askEngine(found.engine, listed) : { stdout: '' };
      return stdout.split('\n').filter((line) => line.includes(argument)).length;
    },
  };
}

/** Starts a container and holds its streams. The client is ours to kill; the container is the engine's to remove. */
async function attach(engine: Engine, id: string, places: Running['places']): Promise<Running> {
  const remove = () => askEngine(engine, [...removal(engine), id], { timeout: ANSWER_MS });
  let starved = false;
  const usage = () => containerUsage(id);
  const command = { program: engine.program, args: ['start', '--attach', '--interactive', id] };
  try {
    return await run(
      { ...command, env: clientEnvironment(), places },
      {
        cpuTime: () => usage()?.cpuTime(),
        memory: () => {
          // Gone with the group itself, so it is asked while there is one.
          starved ||= usage()?.outOfMemory() ?? false;
          return usage()?.peakMemory();
        },
        after: async (signal) => {
          if (signal === null) starved ||= await wasStarved(engine, id);
          await remove();
          return starved ? 'memory' : undefined;
        },
      },
    );
  } catch (error) {
    await remove();
    throw error;
  }
}

async function wasStarved(engine: Engine, id: string): Promise<boolean> {
  const { stdout } = await askEngine(engine, ['inspect', '--format', '{{.State.OOMKilled}}', id]);
  return stdout.trim() === 'true';
}

export default container({ containerEngine: 'auto', containerImage: 'plimsoll-sandbox' });
