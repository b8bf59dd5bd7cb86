// Runs inside a sandbox and does what it can to outlive its crawler: puts a copy of itself into a session of its own,
// which puts another there, all by the given mark, and none of them heeds a signal. Gives up by itself after a while.
import { spawn } from 'node:child_process';

const [, self, mark, generation = '0'] = process.argv;
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE']) process.on(signal, () => {});
process.stdout.on('error', () => {});
if (Number(generation) < 2)
  spawn(process.execPath, [self, mark, String(Number(generation) + 1)], { detached: true, stdio: 'ignore' })
    .on('error', () => {})
    .unref();
if (generation === '0') setTimeout(() => console.log('up'), 100);
setTimeout(() => {}, 20_000);
