import { type Answers, askAnswers, awaitBatch, batchLine, readAnswers, submitBatch } from '#classify/judge/batch.ts';
import type { Budget } from '#classify/judge/budget.ts';
import { requestsFor, requestTokens } from '#classify/judge/chunks.ts';
import { judgeBy } from '#classify/judge/judge.ts';
import { type JudgeRequest, PROMPT_HASH } from '#classify/judge/prompt.ts';
import { siblingsHash } from '#core/definition.ts';
import { Missing } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import { readFact, writeFact } from '#store/night/runs.ts';
import { presentTools, storedOpinions } from '#store/verdict/assessments.ts';
import { serversToClassify } from '#store/visit/servers.ts';
import type { World } from '#world.ts';
import { noticeRules } from './classify.ts';
import { loadRules } from './corrected.ts';
import { type Bench, benchOf, clientOf, noBench, runBudget } from './judge.ts';
import type { Progress } from './progress.ts';

/** The fact under which the open batch stands, so that a run that was ended finds it again. */
const OPEN = 'judge-batch';

/** A judge whose answers came in a file or a batch. What is not among them waits for the next. */
export function benchFrom(answers: Answers, model: string, budget: Budget): Bench {
  return benchOf(judgeBy(askAnswers(answers), model, false), budget);
}

/** The requests about everything in the catalogue that waits and that this judge has not answered. */
export async function* waitingRequests(world: World): AsyncGenerator<JudgeRequest> {
  const { db, now, settings } = world;
  const judge = { prompt: PROMPT_HASH, model: settings.llmModel };
  await noticeRules(db, await loadRules(), judge, now());
  for (const id of await serversToClassify(db, now(), Number.MAX_SAFE_INTEGER)) {
    const tools = await presentTools(db, id);
    const names = tools.map(({ definition }) => definition.name);
    const stored = await storedOpinions(
      db,
      tools.map(({ fingerprint }) => fingerprint),
      siblingsHash(names),
      judge,
    );
    const open = tools.filter(({ fingerprint }) => {
      const known = stored.get(fingerprint);
      return !(known?.prompt === judge.prompt && known.model === judge.model);
    });
    if (open.length > 0)
      yield* await requestsFor(
        open.map(({ definition }) => definition),
        names,
        judge.model,
      );
  }
}

/** What the Batch API takes in one file, with room to spare. */
const MOST = { lines: 50_000, bytes: 190_000_000 };

/** The lines of those requests that the budget covers and one batch holds, and how many are left. */
async function affordable(requests: AsyncIterable<JudgeRequest>, budget: Budget) {
  const lines: string[] = [];
  const seen = new Set<string>();
  let left = 0;
  let bytes = 0;
  for await (const request of requests) {
    if (seen.has(request.id)) continue;
    seen.add(request.id);
    const most = { input: await requestTokens(request), output: request.body.max_completion_tokens };
    const line = batchLine(request);
    const fits = lines.length < MOST.lines && bytes + Buffer.byteLength(line) <= MOST.bytes;
    if (fits && budget.reserve(most)) {
      lines.push(line);
      bytes += Buffer.byteLength(line);
    } else left++;
  }
  return { lines, left };
}

/**
 * Submits everything that waits as one batch, waits for its end and gives a judge who knows its answers. A batch that an
 * earlier run left open is waited for instead. What failed or expired in it stays due. Its whole reserve counts as
 * spent: what a batch really costs is on its bill.
 */
export async function batchBench(world: World, progress: Progress, every = 30_000): Promise<Bench> {
  const { db, settings, stop } = world;
  const budget = runBudget(settings);
  const client = clientOf(settings);
  let id = await readFact(db, OPEN);
  if (id) progress.say(`Batch ${visibleLine(id)} of an earlier run is still open; waiting for it.`);
  else {
    const { lines, left } = await affordable(waitingRequests(world), budget);
    if (left > 0)
      progress.say(`${left} requests are left for the next run: the budget or the batch does not hold them.`);
    if (lines.length === 0) return noBench('Nothing waits for the judge.');
    id = await submitBatch(client, lines, stop);
    await writeFact(db, OPEN, id);
    progress.say(`Batch ${visibleLine(id)} submitted with ${lines.length} requests.`);
  }
  let said = '';
  const tell = (status: string) => {
    if (status !== said) progress.say(`Batch: ${visibleLine(status)}.`);
    said = status;
  };
  const { status, text } = await awaitBatch(client, id, { stop, every, tell }).catch(async (error: unknown) => {
    if ((error as { readonly status?: number }).status !== 404) throw error;
    await writeFact(db, OPEN, '');
    throw new Missing(`The service knows no batch ${visibleLine(id)} any more; the next run submits what waits anew.`);
  });
  await writeFact(db, OPEN, '');
  const answers = readAnswers(text, (line, why) => progress.say(`Batch, line ${line}: ${why}.`));
  if (status !== 'completed')
    progress.say(`The batch ended ${visibleLine(status)}; what it did not answer waits for the next.`);
  return benchFrom(answers, settings.llmModel, budget);
}
