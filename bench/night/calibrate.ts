// Measures what visits cost on this machine and writes `calibration.json`: `node bench/night/calibrate.ts HOME [LAUNCHES]`.
// HOME is an empty folder that this fills with packages; it is left, and may be removed.
// What is visited: the starter servers, and npm packages drawn by a fixed seed from the toolsdk listings beside the
// project, under sixty in all. One at a time, so that times are a visit's own. Linux with cgroup v1, as root.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readSettings } from '#config.ts';
import { parseSpec } from '#core/purl.ts';
import type { PackageRef } from '#domain/server.ts';
import { chooseSandbox } from '#enumerate/choose.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import { stageFolder } from '#enumerate/stage.ts';
import { npmCache } from '#launch/npm/cache.ts';
import { folderSize } from '#launch/open-up.ts';
import { type InstallOptions, isUnavailable, type Resolver } from '#launch/resolver.ts';
import npm from '#launch/resolvers/npm.ts';
import { installing } from '#pipeline/installing.ts';
import { reach } from '#pipeline/reach.ts';
import { random } from '../../test/support/random.ts';
import { realSightings } from '../../test/support/shared.ts';
import type { Calibration, Measured } from './mix.ts';

const DRAWN = 20;
const SEED = 9;
const root = join(import.meta.dirname, '../..');

function packages(): readonly PackageRef[] {
  const text = readFileSync(join(root, 'data/starter.yaml'), 'utf8');
  const starter = (parse(text) as { package: string }[]).map((one) => parseSpec(one.package)!);
  const known = new Set(starter.map(({ purl }) => purl));
  const others = realSightings()
    .filter(({ source }) => source === 'toolsdk')
    .flatMap((one) => one.packages)
    .filter(({ purl }) => purl.startsWith('pkg:npm/') && !known.has(purl));
  const draw = random(SEED);
  const drawn = new Set<PackageRef>();
  while (drawn.size < DRAWN) drawn.add(others[Math.floor(draw.next().value * others.length)]!);
  return [...starter, ...drawn];
}

/** Where bubblewrap keeps a group of processes for everything that it starts, named by the crawler's process id. */
const GROUPS = '/sys/fs/cgroup/cpuacct/plimsoll';
/** Milliseconds between looks at the accounts of what runs: what a program took after the last one is not counted. */
const LOOK = 10;

function ownTook(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Nanoseconds that each program started by this process has taken so far. */
function look(took: Map<string, number>): void {
  for (const group of readdirSync(GROUPS)) {
    if (!group.startsWith(`${process.pid}-`)) continue;
    try {
      took.set(group, Number(readFileSync(join(GROUPS, group, 'cpuacct.usage'), 'utf8')));
    } catch {
      // It has ended meanwhile.
    }
  }
}

async function timed<T>(work: () => Promise<T>) {
  const [began, own] = [performance.now(), ownTook()];
  const took = new Map<string, number>();
  const looking = setInterval(look, LOOK, took);
  try {
    const result = await work();
    const ms = Math.round(performance.now() - began);
    const cpu = Math.round([...took.values()].reduce((sum, one) => sum + one, 0) / 1e6);
    return { result, ms, cpu, own: Math.round(ownTook() - own) };
  } finally {
    clearInterval(looking);
  }
}

interface Around {
  readonly resolver: Resolver;
  readonly sandbox: Sandbox;
  readonly options: InstallOptions;
}

async function visit(ref: PackageRef, turn: number, { resolver, sandbox, options }: Around): Promise<Measured> {
  const asked = await timed(() => resolver.current(ref, options));
  const base = { purl: ref.purl, turn, asked: asked.ms };
  const none = { attempts: 0, tools: 0, ms: 0, cpu: 0, own: 0 };
  const artefact = asked.result;
  if (isUnavailable(artefact)) return { ...base, ...none, outcome: 'failed', reason: artefact.reason };
  const cache = npmCache(options.stage).npm;
  const before = turn === 0 ? await folderSize(cache, Number.POSITIVE_INFINITY) : 0;
  const install = await timed(() => resolver.install(artefact, options));
  const fetched = turn === 0 ? (await folderSize(cache, Number.POSITIVE_INFINITY)) - before : 0;
  const installed = isUnavailable(install.result) ? undefined : install.result;
  const cold = {
    install: { ms: install.ms, cpu: install.cpu, own: install.own, fetched, bytes: installed?.bytes ?? 0 },
  };
  const stop = new AbortController().signal;
  const reached = await timed(() => reach(artefact, ref, resolver, { ...options, sandbox, stop }));
  const { outcome, reason, attempts, tools } = reached.result.enumeration;
  return {
    ...base,
    ...(turn === 0 && cold),
    outcome,
    ...(reason !== undefined && { reason }),
    attempts: attempts.length,
    tools: tools.length || reached.result.staticTools.length,
    ms: reached.ms,
    cpu: reached.cpu,
    own: reached.own,
  };
}

const [before] = loadavg();
const [home, launches = '300'] = process.argv.slice(2);
const settings = readSettings({ PLIMSOLL_HOME: home });
const stage = await stageFolder(settings.home);
const { sandbox, reports } = await chooseSandbox('bubblewrap', { stage, settings });
if (!sandbox) throw new Error(reports[0]?.reason);
const around = { resolver: npm, sandbox, options: await installing(settings, stage) };
const refs = packages();
const visits: Measured[] = [];
let started = 0;
for (let turn = 0; started < Number(launches); turn++)
  for (const ref of refs) {
    if (started >= Number(launches)) break;
    const one = await visit(ref, turn, around);
    visits.push(one);
    started += one.attempts;
    process.stderr.write(`${started} ${JSON.stringify(one)}\n`);
  }
const calibration: Calibration = {
  how: `${refs.length} npm packages (the starter servers and ${DRAWN} drawn from toolsdk by seed ${SEED}), visited one at a time in bubblewrap by bench/night/calibrate.ts; the first turn installs with an empty cache. Milliseconds; cpu is of children, own of the crawler itself.`,
  at: new Date().toISOString(),
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`,
  load: `${before} when it began, ${loadavg()[0]} when it ended`,
  launches: started,
  visits,
};
writeFileSync(join(import.meta.dirname, 'calibration.json'), `${JSON.stringify(calibration, null, 1)}\n`);
