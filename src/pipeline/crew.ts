import { takeUpRequests } from '#store/access/requests.ts';
import { forgetUnused } from '#store/listing/remembered.ts';
import { forgetHosts } from '#store/night/host-pace.ts';
import { launchesAtOnce, type World } from '#world.ts';
import { judgedAtOnce, judging, noticeRules, serversToJudge } from './classify.ts';
import { loadRules } from './corrected.ts';
import { discovering, sourcesToAsk } from './discover.ts';
import type { Handler } from './drain.ts';
import { prepareVisits, serversDue, visits } from './enumerate.ts';
import { faultText } from './heard.ts';
import { noBench } from './judge.ts';
import { BACKLOG, type FanOut, type Step } from './night.ts';
import type { Progress } from './progress.ts';
import type { WorkerOptions } from './worker.ts';

const SELDOM_MS = 250;

/** What a worker does for one stage. */
export interface Part {
  readonly handler: Handler;
  readonly fanOut: NonNullable<FanOut[Step]>;
}

const told = new WeakSet<Progress>();

/** Whether those that judge keep up. Says once where they do not: perhaps nobody judges at all. */
async function hasRoom({ queue }: World, progress: Progress): Promise<boolean> {
  const waiting = await queue.open('classify');
  if (waiting >= BACKLOG && !told.has(progress)) {
    told.add(progress);
    progress.say(`${waiting} servers wait for a verdict: no more are launched until some worker has classified.`);
  }
  return waiting < BACKLOG;
}

/** Makes a worker ready for one stage. What it opens for that is closed with `parts`. */
export async function hire(
  step: Step,
  world: World,
  options: Omit<WorkerOptions, 'stages'>,
  parts: AsyncDisposableStack,
): Promise<Part> {
  const { db, settings } = world;
  const { progress } = options;
  let done = 0;
  switch (step) {
    case 'discover': {
      const { handler } = parts.use(await discovering(world, { progress }, () => 0));
      return {
        handler,
        fanOut: async (night) => ({
          subjects: await sourcesToAsk(settings, { progress, source: night.options.source as string | undefined }),
        }),
      };
    }
    case 'enumerate': {
      const visiting = await (options.prepare ?? prepareVisits)(world, options);
      const handler = visits(world, visiting, options.concurrency ?? launchesAtOnce(settings), (_, subject) =>
        progress.report('enumerate', ++done, done, subject),
      );
      return {
        handler: { ...handler, mayTake: seldom(() => hasRoom(world, progress)) },
        fanOut: async (night) => {
          await forgetUnused(db, world.now());
          await forgetHosts(db);
          const subjects = await serversDue(world, visiting, { limit: night.options.limit as number | undefined });
          const ids = subjects.map(({ subject }) => subject);
          return { subjects, note: (tx) => takeUpRequests(tx, ids, world.now()) };
        },
      };
    }
    case 'classify': {
      const assessor = await loadRules();
      const benchOf = options.benchOf ?? (async () => noBench());
      const { judge, absent } = await benchOf(undefined);
      if (absent !== undefined) progress.say(absent);
      const said = new Set<string>();
      let noticed: number | undefined;
      const handler = judging(
        world,
        assessor,
        async (run) => {
          // Before the first of a run, lest what it judges be due again when its turn in the night comes.
          if (run !== noticed) await noticeRules(db, assessor, judge, world.now());
          noticed = run;
          return benchOf(run);
        },
        (came, bench) => {
          for (const fault of came.faults) if (!said.has(fault)) progress.say(faultText(fault));
          for (const fault of came.faults) said.add(fault);
          progress.report('classify', ++done, done, bench.note());
        },
        options.concurrency ?? judgedAtOnce(judge),
      );
      return { handler, fanOut: async () => ({ subjects: await serversToJudge(world, assessor, judge) }) };
    }
    case 'publish':
      return {
        handler: {
          concurrency: 1,
          // Loaded late: every kind of page and format comes with it.
          handle: async (_, stop) => (await import('./publish.ts')).publish({ ...world, stop }, undefined, progress),
        },
        fanOut: async () => ({ subjects: ['site'] }),
      };
  }
}

/** Asks anew only where the last answer is older than `SELDOM_MS`: counting what waits costs as much as a job. */
function seldom(ask: () => Promise<boolean>): () => Promise<boolean> {
  let answer = Promise.resolve(false);
  let asked = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - asked < SELDOM_MS) return answer;
    asked = performance.now();
    answer = ask();
    answer.catch(() => {
      asked = Number.NEGATIVE_INFINITY;
    });
    return answer;
  };
}
