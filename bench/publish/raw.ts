// Writes files of given sizes and nothing else, on every core: what any publisher pays. Prints one JSON line.
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** Files in one folder, about as many as a server has. */
const PER_FOLDER = 20;

if (isMainThread) {
  const [list, folder] = process.argv.slice(2);
  const sizes = JSON.parse(readFileSync(list!, 'utf8')) as readonly number[];
  const threads = availableParallelism();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: threads }, (_, at) => {
      const share = sizes.filter((_, place) => place % threads === at);
      const worker = new Worker(import.meta.filename, { workerData: { share, folder: join(folder!, String(at)) } });
      return new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
    }),
  );
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ files: sizes.length, ms: performance.now() - began, cpu: (user + system) / 1000 }));
} else {
  const { share, folder } = workerData as { readonly share: readonly number[]; readonly folder: string };
  const bytes = Buffer.alloc(1 << 20, 'a page as it might be, ');
  for (const [at, size] of share.entries()) {
    const into = join(folder, String(Math.floor(at / PER_FOLDER)));
    if (at % PER_FOLDER === 0) mkdirSync(into, { recursive: true });
    const file = openSync(join(into, `${at}.html`), 'wx');
    writeSync(file, bytes, 0, Math.min(size, bytes.length));
    closeSync(file);
  }
}
