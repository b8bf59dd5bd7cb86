import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { readSettings } from '#config.ts';
import { parsePurl } from '#core/purl.ts';
import type { Launch } from '#domain/launch.ts';
import { attempt } from '#enumerate/attempt.ts';
import { chooseSandbox } from '#enumerate/choose.ts';
import { LIMITS } from '#enumerate/limits.ts';
import { run } from '#enumerate/run.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import { stageFolder } from '#enumerate/stage.ts';
import { loadResolvers, resolverFor } from '#launch/launch.ts';
import { listTrees } from '#launch/trees.ts';
import { redacted } from '#store/engine/open.ts';
import { measureMemory } from './enumerate/memory.ts';
import type { Bench } from './run.ts';

const AT_ONCE = [1, 2, 4, 8];
/** The sides of the comparison take turns, so that a busy machine slows both; the median turn counts. */
const TURNS = 7;
const COPIES = 4;
/** Enough to tell a rate by, in minutes all together; the reference servers come first. */
const SERVERS = 12;
const REFERENCE = '@modelcontextprotocol/';
const UNIT = 'servers/min';
/** Where nothing else is set. */
const POSTGRES = 'postgres://postgres@127.0.0.1:5432/test';

/** No sandbox at all: for the comparison, and for reference servers alone. It lives here so that src cannot use it. */
const plain: Sandbox = {
  id: 'plain',
  title: 'a plain child process',
  strength: 0,
  runs: ['node'],
  holds: {},
  profile: () => 'none',
  refuses: async () => undefined,
  start({ tree, entry, args, env }, _limits, stage) {
    if (!entry.startsWith(`node_modules/${REFERENCE}`)) throw new Error(`${entry} may not run without a sandbox`);
    const own = { HOME: stage, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' };
    return run(
      { program: process.execPath, args: [join(tree, entry), ...args], env: { ...own, ...env }, cwd: stage },
      {},
    );
  },
};

/** One attempt with an empty environment; whether it listed. */
async function lists(launch: Launch, sandbox: Sandbox, stage: string): Promise<boolean> {
  const empty = { rung: 'S0', args: launch.args, env: {} };
  const tried = await attempt(launch, empty, sandbox, { limits: LIMITS, stage, stop: new AbortController().signal });
  return tried.attempt.outcome === 'listed';
}

/** Servers listed a minute, so many at once. One that does not list this time, on a busy machine, is named and not counted. */
async function rate(
  launches: readonly Launch[],
  sandbox: Sandbox,
  stage: string,
  concurrency: number,
): Promise<number> {
  const began = performance.now();
  let listed = 0;
  await new PQueue({ concurrency }).addAll(
    launches.map((launch) => async () => {
      if (await lists(launch, sandbox, stage)) listed++;
      else process.stderr.write(`${launch.artefact.purl} did not list in ${sandbox.id}, ${concurrency} at once\n`);
    }),
  );
  return (listed / (performance.now() - began)) * 60_000;
}

/** The first way to start each installed server. */
async function installed(stage: string): Promise<readonly Launch[]> {
  const resolvers = await loadResolvers();
  const found: Launch[] = [];
  for (const { purl, version, path } of await listTrees(stage)) {
    const artefact = { purl, name: parsePurl(purl)?.name ?? purl, version, integrity: '' };
    const [first] = (await resolverFor(purl, resolvers)?.launches(artefact, path, { purl })) ?? [];
    if (first) found.push(first);
  }
  const isReference = ({ artefact: { name } }: Launch) => Number(name.startsWith(REFERENCE));
  return found.toSorted((a, b) => isReference(b) - isReference(a));
}

/**
 * Servers a minute from start to the last page of their tools, over a dozen of what a crawl has installed under
 * PLIMSOLL_HOME and that list with an empty environment; and bubblewrap against no sandbox at 4 at once, over the
 * reference servers alone, and what the crawler's own process holds over 500 launches.
 */
const bench: Bench = async (report) => {
  const settings = readSettings(process.env);
  const stage = await stageFolder(settings.home);
  const all = await installed(stage);
  if (all.length === 0) {
    process.stderr.write(`skipped: no server is installed under ${stage}; npm run crawl installs some\n`);
    return;
  }
  for (const id of ['bubblewrap', 'deno', 'container']) {
    const { sandbox, reports } = await chooseSandbox(id, { stage, settings });
    if (!sandbox) {
      process.stderr.write(`skipped: ${id}: ${reports[0]?.reason}\n`);
      continue;
    }
    const able: Launch[] = [];
    for (const launch of all) if (able.length < SERVERS && (await lists(launch, sandbox, stage))) able.push(launch);
    // The others are slower, and told by one figure each.
    for (const atOnce of id === 'bubblewrap' ? AT_ONCE : [4]) {
      const value = Math.round(await rate(able, sandbox, stage, atOnce));
      report({
        bench: 'enumerate',
        figure: `${id}, ${able.length} servers, ${atOnce} at once`,
        value,
        unit: UNIT,
      });
    }
    if (id !== 'bubblewrap') continue;
    await compare(able, sandbox, stage, report);
    const address = settings.databaseUrl ?? POSTGRES;
    await measureMemory(able, sandbox, stage, address, report).catch((error: Error) => {
      process.stderr.write(`skipped: memory on PostgreSQL at ${redacted(address)}: ${error.message}\n`);
    });
  }
};

async function compare(able: readonly Launch[], sandbox: Sandbox, stage: string, report: Parameters<Bench>[0]) {
  const reference = able.filter((launch) => launch.artefact.name.startsWith(REFERENCE));
  if (reference.length === 0) return;
  const launches = Array.from({ length: COPIES }, () => reference).flat();
  const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
  const turns: { readonly without: number; readonly within: number }[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    // Which side goes first changes, so that neither always meets what the other left warm.
    const first = turn % 2 === 0 ? await rate(launches, plain, scratch, 4) : undefined;
    const within = await rate(launches, sandbox, stage, 4);
    turns.push({ without: first ?? (await rate(launches, plain, scratch, 4)), within });
  }
  await rm(scratch, { recursive: true, force: true });
  const value = Math.round(median(turns.map((turn) => turn.within)));
  const baseline = Math.round(median(turns.map((turn) => turn.without)));
  const ratio = Math.round(median(turns.map(({ without, within }) => within / without)) * 1000) / 1000;
  report({
    bench: 'enumerate',
    figure: 'bubblewrap against no sandbox, 4 at once',
    value,
    unit: UNIT,
    baseline,
    ratio,
  });
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

export default bench;
