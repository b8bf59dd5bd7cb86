// Runs inside a sandbox and takes memory or disk, more than it may have. Says that it began; coming to the end means that
// nothing stopped it.
import { appendFileSync } from 'node:fs';

const [what, bytes] = process.argv.slice(2);
const STEP = 4 * 1024 * 1024;
const piece = Buffer.alloc(STEP, 1);
const held = [];
await new Promise((resolve) => process.stdout.write('began ', resolve));
// Slowly enough for a watchdog that looks every 100 ms.
for (let taken = 0; taken < Number(bytes); taken += STEP) {
  if (what === 'memory') held.push(Buffer.from(piece));
  else {
    try {
      appendFileSync(`${process.env.HOME}/filler`, piece);
    } catch {
      process.exit(28);
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
}
process.stdout.write('survived', () => process.exit(held.length > 1e9 ? 1 : 0));
