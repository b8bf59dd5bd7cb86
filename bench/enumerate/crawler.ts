import { readSettings } from '#config.ts';
import type { Launch } from '#domain/launch.ts';
import { chooseSandbox } from '#enumerate/choose.ts';
import { enumerate } from '#enumerate/enumerate.ts';
import { openStore } from '#store/engine/open.ts';
import { server } from '#store/tables/servers.ts';
import { recordVisit } from '#store/visit/enumerations.ts';

/** What a crawler of the benchmark is told: what to launch, how often, and where to store what comes of it. */
export interface Task {
  readonly launches: readonly Launch[];
  readonly times: number;
  readonly atOnce: number;
  readonly sandbox: string;
  readonly stage: string;
  readonly url: string;
}

const MB = 1024 * 1024;

/** Visits in turn until there were as many launches; megabytes that this process held after each. */
async function crawl({ launches, times, atOnce, sandbox: id, stage, url }: Task): Promise<readonly number[]> {
  const { sandbox } = await chooseSandbox(id, { stage, settings: readSettings(process.env) });
  if (!sandbox) throw new Error(`${id} cannot be used`);
  await using store = await openStore({ url, home: '' });
  const { db } = store;
  const now = new Date();
  const rows = launches.map((_, i) => ({ id: `s${i}`, slug: `s${i}`, name: `s${i}` }));
  const fresh = { packages: [], remotes: [], firstSeen: now, lastSeen: now, enumerateDue: now };
  await db.insert(server).values(rows.map((row) => ({ ...row, ...fresh })));
  const held: number[] = [];
  let turn = 0;
  const work = async () => {
    while (held.length < times) {
      const at = turn++ % launches.length;
      const launch = launches[at]!;
      const enumeration = await enumerate(launch, sandbox, { stage, stop: new AbortController().signal });
      const visit = { serverId: `s${at}`, at: new Date(), sandbox: id, staticTools: [], due: now };
      await recordVisit(db, { ...visit, artefact: launch.artefact, launch, enumeration });
      for (const _ of enumeration.attempts) held.push(Math.round(process.memoryUsage().rss / MB));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return held;
}

process.once('message', async (task: Task) => {
  process.send!(await crawl(task));
  process.disconnect();
});
