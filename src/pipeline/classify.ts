import type { Db } from '#store/engine/open.ts';
import { readFact, writeFact } from '#store/night/runs.ts';
import { classifyAgain, serversToClassify } from '#store/visit/servers.ts';
import type { World } from '#world.ts';
import { loadRules } from './corrected.ts';
import type { Handler } from './drain.ts';
import { addUp, type Classified, faultText, heardOf, noSums } from './heard.ts';
import type { Bench } from './judge.ts';
import type { Progress } from './progress.ts';
import type { Heard } from './summary.ts';
import { type Assessor, classifyServer, type JudgeKey } from './verdicts.ts';

/** How many servers the judge is asked about at once. */
const AT_ONCE = 4;

/** Makes everything due for classification when rules or judge are not those of the last run. */
export async function noticeRules(db: Db, assessor: Assessor, judge: JudgeKey | undefined, now: Date): Promise<void> {
  const present = [assessor.rules, judge?.prompt, judge?.model].filter(Boolean).join(' ');
  if ((await readFact(db, 'rules')) === present) return;
  await classifyAgain(db, now);
  await writeFact(db, 'rules', present);
}

/** Queues what waits for a verdict: what is new, and everything where rules or judge are not those of the last time. */
export async function serversToJudge(
  { db, now }: Pick<World, 'db' | 'now'>,
  assessor: Assessor,
  judge: JudgeKey | undefined,
): Promise<readonly string[]> {
  await noticeRules(db, assessor, judge, now());
  return serversToClassify(db, now(), Number.MAX_SAFE_INTEGER);
}

/** A handler that classifies one server. `judged` hears of each. */
export function judging(
  world: World,
  assessor: Assessor,
  benchOf: (run: number | undefined) => Promise<Bench>,
  judged: (came: Classified, bench: Bench) => void,
  concurrency: number,
): Handler {
  const { db, now, stop, observe } = world;
  let faults = 0;
  return {
    concurrency,
    async handle(job) {
      const bench = await benchOf(job.run);
      // Not stopped where the job is lost: what the judge was asked is paid for, and whoever has the job now finds it.
      const came = await classifyServer(db, { assessor, judge: bench.judge }, job.subject, now(), stop);
      await bench.share?.();
      faults += came.faults.length;
      if (bench.judge) observe?.judge({ ...bench.spent(), faults });
      judged(came, bench);
      return came;
    },
  };
}

/** How many servers are classified at once: rules alone only want the processor. */
export function judgedAtOnce(judge: unknown): number {
  return judge ? AT_ONCE : 1;
}

/** The classification of a run: its queue handler, and afterwards what it came to. */
export async function classifying(world: World, run: number, bench: Bench, progress: Progress) {
  const { queue } = world;
  const { judge, absent } = bench;
  if (absent !== undefined) progress.say(absent);
  const assessor = await loadRules();
  const due = await serversToJudge(world, assessor, judge);
  await queue.add('classify', due, run);
  const sums = noSums();
  const handler = judging(
    world,
    assessor,
    async () => bench,
    (came) => {
      for (const fault of came.faults) if (!sums.faults[fault]) progress.say(faultText(fault));
      addUp([came], sums);
      progress.report('classify', sums.done, Math.max(sums.done, due.length), bench.note());
    },
    judgedAtOnce(judge),
  );
  return {
    handler,
    assessed: () => sums.assessed,
    heard: (): Heard | null => (judge ? heardOf(judge.model, sums, bench.spent()) : null),
  };
}
