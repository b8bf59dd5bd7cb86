import { join } from 'node:path';
import { and, desc, eq } from 'drizzle-orm';
import PQueue from 'p-queue';
import type { Launch } from '#domain/launch.ts';
import { attempt } from '#enumerate/attempt.ts';
import { loadSandboxes } from '#enumerate/choose.ts';
import { fakeValue } from '#enumerate/fakes.ts';
import { LIMITS } from '#enumerate/limits.ts';
import { run } from '#enumerate/run.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import { stageFolder } from '#enumerate/stage.ts';
import { treePath } from '#launch/trees.ts';
import { silent } from '#pipeline/progress.ts';
import { runStages } from '#pipeline/stages.ts';
import { enumeration, launch } from '#store/tables/visits.ts';
import { openWorld, surroundings, type World } from '#world.ts';
import type { Bench } from './run.ts';

const WIDTHS = [1, 2, 4, 8];
const AT_ONCE = 4;
const ROUNDS = 3;
/** Whose programs may run without a sandbox, to compare with: the reference servers' authors'. */
const TRUSTED = /^@modelcontextprotocol\//;

interface Known {
  readonly launch: Launch;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How every starter server listed when it was last visited; visits those first that never were. */
async function installed(world: World, stage: string): Promise<readonly Known[]> {
  await runStages(world, { stages: ['discover', 'enumerate'], source: 'starter', progress: silent });
  const rows = await world.db
    .selectDistinctOn([enumeration.serverId], { visit: enumeration, launch })
    .from(enumeration)
    .innerJoin(launch, eq(launch.id, enumeration.launchId))
    .where(and(eq(enumeration.outcome, 'listed')))
    .orderBy(enumeration.serverId, desc(enumeration.id));
  return rows.map(({ visit, launch: way }) => {
    const artefact = { purl: way.purl, name: way.purl, version: way.version, integrity: way.integrity };
    const names = visit.context?.envNames ?? [];
    const input = (name: string) => way.inputs.find((one) => one.name === name);
    return {
      launch: { ...way, artefact, tree: treePath(stage, 'npm', artefact) },
      args: visit.context?.args ?? [],
      env: Object.fromEntries(names.map((name) => [name, fakeValue(name, input(name))])),
    };
  });
}

/** The same start without a sandbox: the baseline. Here and not in src, where nothing can start a stranger's program so. */
const bare: Sandbox = {
  id: 'bare',
  title: 'a plain process',
  strength: 0,
  holds: {},
  profile: () => '',
  refuses: async () => undefined,
  start: (program) =>
    run(
      {
        program: process.execPath,
        args: ['--max-old-space-size=512', join(program.tree, program.entry), ...program.args],
        cwd: program.tree,
        env: { HOME: '/nonexistent', PATH: '/usr/bin:/bin', ...program.env },
      },
      {},
    ),
};

/** Lists every server once, `width` at once. Returns servers a minute and how many listed. */
async function rate(all: readonly Known[], sandbox: Sandbox, width: number, stage: string) {
  const queue = new PQueue({ concurrency: width });
  const stop = new AbortController().signal;
  const began = performance.now();
  const tried = await queue.addAll(
    all.map(
      ({ launch: way, args, env }) =>
        () =>
          attempt(way, { rung: 'bench', args, env }, sandbox, { limits: LIMITS, stage, stop }),
    ),
  );
  const minutes = (performance.now() - began) / 60_000;
  return { perMinute: all.length / minutes, listed: tried.filter((one) => one.heard).length };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Servers a minute by sandbox and width, and what bubblewrap costs against the same launches without a sandbox. */
const bench: Bench = async (report) => {
  const around = surroundings(process.env, new AbortController().signal);
  await using world = await openWorld(around);
  const stage = await stageFolder(around.settings.home);
  const all = await installed(world, stage);
  const sandboxes = (await loadSandboxes()).filter(({ id }) => id === 'bubblewrap' || id === 'deno');
  for (const sandbox of sandboxes) {
    if ((await sandbox.refuses()) !== undefined) continue;
    await rate(all, sandbox, AT_ONCE, stage);
    for (const width of WIDTHS) {
      const { perMinute, listed } = await rate(all, sandbox, width, stage);
      const name = `${sandbox.id} at ${width} (${listed} of ${all.length} listed)`;
      report({ bench: 'enumerate', figure: name, value: Math.round(perMinute), unit: 'servers/min' });
    }
  }
  const bubblewrap = sandboxes.find(({ id }) => id === 'bubblewrap');
  if (!bubblewrap || (await bubblewrap.refuses()) !== undefined) return;
  const trusted = all.filter(({ launch: way }) =>
    TRUSTED.test(decodeURIComponent(way.artefact.purl.slice('pkg:npm/'.length))),
  );
  // Each server several times, so that a round is long against the noise of one start.
  const work = Array.from({ length: 4 }, () => trusted).flat();
  const rates = { inside: [] as number[], outside: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    rates.outside.push((await rate(work, bare, AT_ONCE, stage)).perMinute);
    rates.inside.push((await rate(work, bubblewrap, AT_ONCE, stage)).perMinute);
  }
  const [value, baseline] = [median(rates.inside), median(rates.outside)];
  report({
    bench: 'enumerate',
    figure: `bubblewrap against no sandbox at ${AT_ONCE}, ${trusted.length} reference servers`,
    value: Math.round(value),
    unit: 'servers/min',
    baseline: Math.round(baseline),
    ratio: Math.round((value / baseline) * 1000) / 1000,
  });
};

export default bench;
