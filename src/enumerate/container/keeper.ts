// Stays behind a crawler and removes its containers once it is gone, however it went: `keeper.ts ENGINE LABEL REMOVE…`. The
// engine starts containers as children of its own, so no signal to the crawler's processes reaches them. Its standard
// input is a pipe that only the crawler holds: it ends with the crawler.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a client was about to create when the crawler died comes a moment later. */
const PAUSES_MS = [100, 200, 400, 800, 1600, 3200];

const [engine, label, ...remove] = process.argv.slice(2) as [string, string, ...string[]];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
await new Promise((resolve) => process.stdin.on('end', resolve).on('error', resolve).resume());
for (const pause of PAUSES_MS) {
  try {
    const options = { encoding: 'utf8' as const, timeout: 10_000 };
    const ids = execFileSync(engine, ['ps', '-aq', '--filter', `label=${label}`], options)
      .split(/\s+/)
      .filter(Boolean);
    if (ids.length > 0) execFileSync(engine, [...remove, ...ids], options);
  } catch {
    // An engine that is busy may answer the next time.
  }
  await sleep(pause);
}
