import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { batchLine, readAnswers } from '#classify/judge/batch.ts';
import type { JudgeRequest } from '#classify/judge/prompt.ts';
import { WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import { benchFrom } from '#pipeline/batch.ts';
import { type Bench, runBudget } from '#pipeline/judge.ts';
import type { Call } from './job.ts';

/** Writes requests to a file, as the Batch API takes them, each once. Says how many. */
export async function writeRequests(
  call: Call,
  path: string,
  requests: AsyncIterable<JudgeRequest>,
): Promise<undefined> {
  const file = createWriteStream(path);
  await once(file, 'open').catch((error: Error) => {
    throw new WrongUse(`'${path}' cannot be written: ${error.message}`);
  });
  const seen = new Set<string>();
  for await (const request of requests) {
    call.stop.throwIfAborted();
    if (seen.has(request.id)) continue;
    seen.add(request.id);
    if (!file.write(batchLine(request))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  call.out(
    call.json
      ? `${JSON.stringify({ requests: seen.size, file: path })}\n`
      : `${seen.size} requests written to ${path}.\n`,
  );
  return undefined;
}

/** A judge whose answers stand in a file, as the Batch API writes them. Throws `WrongUse` where there is no such file. */
export async function fileBench(call: Call, path: string): Promise<Bench> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new WrongUse(`There is no file '${path}'. Give the answers of a batch, one line each.`);
  });
  const answers = readAnswers(text, (line, why) => call.say(`${path}:${line}: ${visibleLine(why)}`));
  return benchFrom(answers, call.settings.llmModel, runBudget(call.settings));
}
