import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Milliseconds that each request took, in order of length. They start evenly spread over time, whether or not those
 * before them are answered, as the requests of many people do. One that is turned away for want of time (503) took
 * infinitely long. Throws for any other answer than 200.
 */
export async function atPace(addresses: readonly string[], perSecond: number): Promise<readonly number[]> {
  const began = performance.now();
  const times: Promise<number>[] = [];
  for (const [at, address] of addresses.entries()) {
    await sleep(Math.max(0, began + (at * 1000) / perSecond - performance.now()));
    times.push(timed(address));
  }
  return (await Promise.all(times)).sort((a, b) => a - b);
}

/** What so large a share of them took at most; `times` in order of length. */
export function percentile(times: readonly number[], share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
}

async function timed(address: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(address);
  await response.text();
  if (response.status === 503) return Number.POSITIVE_INFINITY;
  if (response.status !== 200) throw new Error(`${address} answers ${response.status}`);
  return performance.now() - began;
}
