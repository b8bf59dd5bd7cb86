import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { loadClassifier } from '#classify/assess.ts';
import { requestsFor } from '#classify/judge/chunks.ts';
import type { JudgeRequest } from '#classify/judge/prompt.ts';
import { WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import { liveBench } from '#pipeline/judge.ts';
import { classifyListing, type Listing, readListings } from '#pipeline/lines.ts';
import { fileBench, writeRequests } from './batch-files.ts';
import type { Call } from './job.ts';

/** Classifies a file of JSON Lines to standard output, one verdict a line. Returns 1 where a line was bad. */
export async function classifyLines(call: Call, file: string): Promise<number | undefined> {
  const { llm, batchOut, batchIn } = call.options;
  if (llm === 'batch')
    throw new WrongUse('--llm batch is for the catalogue. For a file: --batch-out, and --batch-in with the answers.');
  let bad = 0;
  const listings = read(call, file, (count) => {
    bad = count;
  });
  if (typeof batchOut === 'string') {
    await writeRequests(call, batchOut, requestsOf(await listings, call.settings.llmModel));
    return bad > 0 ? 1 : undefined;
  }
  const bench = typeof batchIn === 'string' ? await fileBench(call, batchIn) : liveBench(call.settings, llm !== false);
  // Corrections are the catalogue's: a file is judged by the rules, so that what is measured is what is said.
  const rules = await loadClassifier();
  const fault = (server: string, why: string) => call.say(`${visibleLine(server)}: judge: ${visibleLine(why)}`);
  for await (const listing of await listings) {
    const text = await classifyListing(listing, rules, { judge: bench.judge, stop: call.stop, fault });
    if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    call.stop.throwIfAborted();
  }
  if (bench.judge) call.say(bench.note());
  return bad > 0 ? 1 : undefined;
}

async function* requestsOf(listings: AsyncIterable<Listing>, model: string): AsyncGenerator<JudgeRequest> {
  for await (const { tools } of listings)
    if (tools.length > 0)
      yield* await requestsFor(
        tools,
        tools.map(({ name }) => name),
        model,
      );
}

async function read(call: Call, file: string, ended: (bad: number) => void): Promise<AsyncGenerator<Listing>> {
  if (file !== '-' && !(await stat(file).catch(() => undefined))?.isFile())
    throw new WrongUse(`There is no file '${file}'. Give a JSON Lines file, or - for standard input.`);
  const input = file === '-' ? process.stdin : createReadStream(file);
  return (async function* () {
    const complain = (line: number, why: string) =>
      call.say(`${file === '-' ? 'standard input' : file}:${line}: ${visibleLine(why)}`);
    ended(yield* readListings(input, complain));
  })();
}
