import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Launch } from '#domain/launch.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { Bench } from '../run.ts';
import type { Task } from './crawler.ts';

const LAUNCHES = 500;
/** What the first ones load stays for all. */
const WARM = 150;
const AT_ONCE = 4;

/**
 * Resident memory of a process of its own, started as `npm run crawl` starts one, over 500 launches, each visit stored
 * on PostgreSQL (at `address`, where a database of its own is made and dropped): the most, and how much more the last
 * hundred hold than the first hundred after warming up.
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
    const url = Object.assign(new URL(address), { pathname: `/${name}` }).href;
    const held = await crawled({ launches, times: LAUNCHES, atOnce: AT_ONCE, sandbox: sandbox.id, stage, url });
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
async function crawled(task: Task): Promise<readonly number[]> {
  const execArgv = manifest.scripts.crawl.split(' ').filter((word) => word.startsWith('--'));
  const crawler = fork(join(import.meta.dirname, 'crawler.ts'), { execArgv });
  const over = once(crawler, 'exit');
  const answer = once(crawler, 'message') as Promise<[readonly number[]]>;
  crawler.send(task);
  const [held] = await Promise.race([
    answer,
    over.then(([code]) => Promise.reject(new Error(`it ended with ${code}`))),
  ]);
  await over;
  return held;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
