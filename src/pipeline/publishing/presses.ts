import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { modulePath } from '#core/module-path.ts';
import type { Done, SiteOptions, Task } from '#publish/site/publish.ts';
import type { Store } from '#store/engine/open.ts';
import { openPress, type ServerPress } from './servers.ts';
import type { PressData } from './worker.ts';

/** Servers loaded at a time: enough that asking the database is cheap, few enough that memory stays small. */
const SHARE = 16;
/** Shares under way in a thread. */
const AHEAD = 2;
/** Below so many servers a thread takes longer to start than its share of the work; a second one is for twice as many. */
const WORTH = 400;
const MEGABYTES = 160;

/**
 * Writes the pages of servers on every core, each thread with its own way to the database; in this thread where the
 * database is embedded, as nobody else can have it open, or where there is little to do. Ends early where `stop` is
 * aborted, with its reason. `worth`: for how many servers threads are started.
 */
export async function* pressed(
  store: Store,
  tasks: readonly Task[],
  folder: string,
  options: SiteOptions,
  stop: AbortSignal,
  worth = WORTH,
): AsyncGenerator<Done> {
  const shares = Array.from({ length: Math.ceil(tasks.length / SHARE) }, (_, at) =>
    tasks.slice(at * SHARE, (at + 1) * SHARE),
  );
  const shared = Math.min(availableParallelism(), Math.ceil(tasks.length / (2 * worth)));
  const threads = store.url === undefined || tasks.length < worth ? 0 : shared;
  const presses =
    threads === 0
      ? [await openPress(store.db, folder, options)]
      : Array.from({ length: threads }, () => startThread({ url: store.url!, folder, options }));
  try {
    const running = new Map<object, Promise<{ readonly key: object; readonly done: readonly Done[] }>>();
    const next = shares.values();
    const begin = (press: ServerPress) => {
      const { value: share } = next.next();
      if (!share) return;
      const key = { press };
      running.set(
        key,
        press.write(share).then((done) => ({ key, done })),
      );
    };
    for (let at = 0; at < AHEAD; at++) for (const press of presses) begin(press);
    while (running.size > 0) {
      stop.throwIfAborted();
      const { key, done } = await Promise.race(running.values());
      running.delete(key);
      begin((key as { press: ServerPress }).press);
      yield* done;
    }
  } finally {
    for (const press of presses) press[Symbol.dispose]();
  }
}

function startThread(data: PressData): ServerPress {
  const worker = new Worker(modulePath(import.meta, 'worker'), {
    workerData: data,
    // Pages are garbage as soon as they are written: with room for more of it the thread is no faster.
    resourceLimits: { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: MEGABYTES },
  });
  // Two shares may end in another order than they began; each answer says itself what it is about.
  const waiting: PromiseWithResolvers<readonly Done[]>[] = [];
  const fail = (error: Error) => {
    for (const one of waiting.splice(0)) one.reject(error);
  };
  worker.on('message', (answer: { readonly done: readonly Done[] } | { readonly error: string }) => {
    if ('error' in answer) fail(new Error(answer.error));
    else waiting.shift()?.resolve(answer.done);
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('a thread that writes pages ended early')));
  return {
    write(tasks) {
      const answer = Promise.withResolvers<readonly Done[]>();
      waiting.push(answer);
      worker.postMessage(tasks);
      return answer.promise;
    },
    [Symbol.dispose]: () => worker.postMessage(null),
  };
}
