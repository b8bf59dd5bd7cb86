import { factsOf } from '#publish/facts/facts.ts';
import type { ServerFacts } from '#publish/page.ts';
import { CHANGES } from '#publish/page.ts';
import { type Done, type SiteOptions, serverWriter, type Task } from '#publish/site/publish.ts';
import { historyOf } from '#store/catalogue/history.ts';
import { wholeServersById } from '#store/catalogue/whole.ts';
import type { Db } from '#store/engine/open.ts';

/** Writes the pages of servers into a folder, a share of the tasks at a time. */
export interface ServerPress extends Disposable {
  write(tasks: readonly Task[]): Promise<readonly Done[]>;
}

/** What writes pages in this thread, from this database. */
export async function openPress(db: Db, folder: string, options: SiteOptions): Promise<ServerPress> {
  // The library that draws is native and only wanted where pictures are.
  const draw = options.pictures ? (await import('#publish/markup/pictures.ts')).drawnNow : undefined;
  const writer = serverWriter(folder, options, draw);
  let open = true;
  return {
    async write(tasks) {
      const facts = await load(
        db,
        tasks.map(({ id }) => id),
      );
      // Whoever closed it does not wait for what was still being loaded.
      if (!open) return [];
      return tasks.flatMap((task) => {
        const about = facts.get(task.id);
        // A server that turned out to be another in the meantime has no page any more.
        return about ? [writer.write(task, about)] : [];
      });
    },
    [Symbol.dispose]() {
      open = false;
      writer[Symbol.dispose]();
    },
  };
}

async function load(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, ServerFacts>> {
  const [servers, history] = await Promise.all([wholeServersById(db, ids), historyOf(db, ids, CHANGES)]);
  return new Map(servers.map((server) => [server.id, factsOf(server, history.get(server.id) ?? [])]));
}
