import type { Judge } from '#classify/judge/judge.ts';
import { merge, speaksToModel } from '#classify/judge/merge.ts';
import { siblingsHash } from '#core/definition.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { AssessmentKey, Opinion, Verdict } from '#domain/verdict.ts';
import { assessed, presentTools, recordAssessments, storedOpinions } from '#store/assessments.ts';
import { withLease } from '#store/lease.ts';
import type { Db } from '#store/open.ts';
import { readFact, writeFact } from '#store/runs.ts';
import { classifyAgain, serversToClassify } from '#store/servers.ts';
import type { World } from '#world.ts';
import { loadRules } from './corrected.ts';
import type { Handler } from './drain.ts';
import { addUp, type Classified, faultText, heardOf, noSums } from './heard.ts';
import type { Bench } from './judge.ts';
import type { Progress } from './progress.ts';
import type { Heard } from './summary.ts';

/** The part of the classifier that the pipeline needs. */
export interface Assessor {
  /** Hash of the rules; another value makes every tool due again. */
  readonly rules: string;
  /** The verdict of the rules, joined with an opinion where there is one. */
  assess(tool: ToolDefinition, siblings: readonly string[]): Verdict;
  /** What a person put right, where somebody did. */
  correct?(tool: ToolDefinition, verdict: Verdict): Verdict;
}

/** Which judge it is, as far as an assessment's key tells. */
type JudgeKey = Pick<AssessmentKey, 'prompt' | 'model'>;
const NO_JUDGE: JudgeKey = { prompt: '', model: '' };

/** How many servers the judge is asked about at once. */
const AT_ONCE = 4;

/** Makes everything due for classification when rules or judge are not those of the last run. */
export async function noticeRules(db: Db, assessor: Assessor, judge: JudgeKey | undefined, now: Date): Promise<void> {
  const present = [assessor.rules, judge?.prompt, judge?.model].filter(Boolean).join(' ');
  if ((await readFact(db, 'rules')) === present) return;
  await classifyAgain(db, now);
  await writeFact(db, 'rules', present);
}

/** The verdicts of the rules on a server's tools, joined with opinions and put right where a person did. */
export function verdictsOf(
  assessor: Assessor,
  tools: readonly ToolDefinition[],
  names: readonly string[],
  opinions: (tool: ToolDefinition, at: number) => Opinion | undefined,
): readonly Verdict[] {
  const floors = tools.map((tool) => assessor.assess(tool, names));
  const steered = floors.some(speaksToModel);
  return floors.map((floor, at) => {
    const opinion = opinions(tools[at]!, at);
    const verdict = opinion ? merge(floor, opinion, steered) : floor;
    return assessor.correct?.(tools[at]!, verdict) ?? verdict;
  });
}

/**
 * Assesses those present tools of a server that have no assessment under today's key. A judge is asked only about what
 * it has not answered before; where it fails, an earlier opinion or the rules alone stand, and the server stays due.
 */
export async function classifyServer(
  db: Db,
  { assessor, judge }: { readonly assessor: Assessor; readonly judge?: Judge | undefined },
  serverId: string,
  now: Date,
  stop: AbortSignal,
): Promise<Classified> {
  const tools = await presentTools(db, serverId);
  const names = tools.map((tool) => tool.definition.name);
  const siblings = siblingsHash(names);
  const classify = () => classifyTools(db, { assessor, judge }, { serverId, tools, names, siblings }, now, stop);
  if (!judge || tools.length === 0) return classify();
  // A copy of it may be judged at the same moment: what one is told the other need not pay for.
  return withLease(db, `judge ${siblings} ${judge.prompt} ${judge.model}`, stop, classify);
}

async function classifyTools(
  db: Db,
  { assessor, judge }: { readonly assessor: Assessor; readonly judge?: Judge | undefined },
  subject: {
    readonly serverId: string;
    readonly tools: Awaited<ReturnType<typeof presentTools>>;
    readonly names: readonly string[];
    readonly siblings: string;
  },
  now: Date,
  stop: AbortSignal,
): Promise<Classified> {
  const { serverId, tools, names, siblings } = subject;
  const fingerprints = tools.map((tool) => tool.fingerprint);
  const stored = await storedOpinions(db, fingerprints, siblings, judge);
  const unheard = tools.filter(({ fingerprint }) => {
    const known = stored.get(fingerprint);
    return judge && !(known?.prompt === judge.prompt && known.model === judge.model);
  });
  const definitions = unheard.map((tool) => tool.definition);
  const hearing =
    judge && definitions.length > 0
      ? await judge.hear(definitions, names, stop)
      : { opinions: new Map<ToolDefinition, Opinion>(), postponed: false, faults: [] };
  const found = tools.map(({ fingerprint, definition }): JudgeKey & { readonly opinion?: Opinion } => {
    const opinion = hearing.opinions.get(definition);
    return opinion && judge
      ? { prompt: judge.prompt, model: judge.model, opinion }
      : (stored.get(fingerprint) ?? NO_JUDGE);
  });
  const known = new Map<string, ReadonlySet<string>>();
  for (const { prompt, model } of found) {
    const key = { siblings, rules: assessor.rules, prompt, model };
    if (!known.has(`${prompt} ${model}`)) known.set(`${prompt} ${model}`, await assessed(db, fingerprints, key));
  }
  const isNew = (at: number) => !known.get(`${found[at]!.prompt} ${found[at]!.model}`)!.has(fingerprints[at]!);
  const verdicts = tools.some((_, at) => isNew(at))
    ? verdictsOf(
        assessor,
        tools.map((tool) => tool.definition),
        names,
        (_, at) => found[at]!.opinion,
      )
    : [];
  const fresh = verdicts.flatMap((verdict, at) => {
    const { prompt, model } = found[at]!;
    const key = { fingerprint: fingerprints[at]!, siblings, rules: assessor.rules, prompt, model };
    return isNew(at) ? [{ ...key, verdict, assessedAt: now }] : [];
  });
  await recordAssessments(db, serverId, fresh, hearing.postponed ? undefined : now);
  const { postponed, faults, opinions } = hearing;
  return { assessed: fresh.length, heard: opinions.size, postponed, faults };
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
  const { db, now, observe } = world;
  let faults = 0;
  return {
    concurrency,
    async handle(job, stop) {
      const bench = await benchOf(job.run);
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
