import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import type { Launch } from '#domain/launch.ts';
import { enumerate } from '#enumerate/enumerate.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import { recordVisit } from '#store/enumerations.ts';
import { type Db, openStore } from '#store/open.ts';
import { server } from '#store/tables/servers.ts';
import type { Bench } from '../run.ts';

const LAUNCHES = 500;
/** What the first ones load stays for all. */
const WARM = 150;
const AT_ONCE = 4;
const MB = 1024 * 1024;

/**
 * Resident memory of this process over 500 launches, each visit stored on PostgreSQL (at `address`, where a database of
 * its own is made and dropped): the most, and how much more the last hundred hold than the first hundred after warming
 * up.
 */
export async function measureMemory(
  launches: readonly Launch[],
  sandbox: Sandbox,
  stage: string,
  address: string,
  report: Parameters<Bench>[0],
): Promise<void> {
  const name = `plimsoll_bench_${randomBytes(6).toString('hex')}`;
  const admin = postgres(address, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  try {
    await using store = await openStore({
      url: Object.assign(new URL(address), { pathname: `/${name}` }).href,
      home: '',
    });
    const held = await visits(launches, sandbox, stage, store.db);
    const [first, last] = [held.slice(WARM, WARM + 100), held.slice(-100)].map(median) as [number, number];
    const figure = `${sandbox.id}: memory of the crawler over ${held.length} launches`;
    report({ bench: 'enumerate', figure: `${figure}, the most`, value: Math.max(...held), unit: 'MB' });
    const ratio = Math.round((last / first) * 1000) / 1000;
    report({ bench: 'enumerate', figure: `${figure}, at the end`, value: last, unit: 'MB', baseline: first, ratio });
  } finally {
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end({ timeout: 1 });
  }
}

/** Megabytes held after each launch, in order. */
async function visits(
  launches: readonly Launch[],
  sandbox: Sandbox,
  stage: string,
  db: Db,
): Promise<readonly number[]> {
  const now = new Date();
  const rows = launches.map((_, i) => ({ id: `s${i}`, slug: `s${i}`, name: `s${i}` }));
  const fresh = { packages: [], remotes: [], firstSeen: now, lastSeen: now, enumerateDue: now };
  await db.insert(server).values(rows.map((row) => ({ ...row, ...fresh })));
  const held: number[] = [];
  let turn = 0;
  const work = async () => {
    while (held.length < LAUNCHES) {
      const at = turn++ % launches.length;
      const launch = launches[at]!;
      const enumeration = await enumerate(launch, sandbox, { stage, stop: new AbortController().signal });
      const visit = { serverId: `s${at}`, at: new Date(), sandbox: sandbox.id, staticTools: [], due: now };
      await recordVisit(db, { ...visit, artefact: launch.artefact, launch, enumeration });
      for (const _ of enumeration.attempts) held.push(Math.round(process.memoryUsage().rss / MB));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return held;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
