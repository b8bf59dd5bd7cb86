import { parentPort, workerData } from 'node:worker_threads';
import type { SiteOptions, Task } from '#publish/site/publish.ts';
import { connect } from '#store/engine/server.ts';
import { openPress } from './servers.ts';

/** What a thread that writes pages is started with. */
export interface PressData {
  readonly url: string;
  readonly folder: string;
  readonly options: SiteOptions;
}

const { url, folder, options } = workerData as PressData;
const port = parentPort!;
const store = connect(url, { max: 2 });
const press = await openPress(store.db, folder, options);

// Two shares are under way in a thread at once: the one is loaded while the pages of the other are made.
port.on('message', (tasks: readonly Task[] | null) => {
  if (tasks === null) {
    press[Symbol.dispose]();
    void store[Symbol.asyncDispose]().then(() => port.close());
    return;
  }
  press.write(tasks).then(
    (done) => port.postMessage({ done }),
    (error: Error) => port.postMessage({ error: error.stack ?? error.message }),
  );
});
