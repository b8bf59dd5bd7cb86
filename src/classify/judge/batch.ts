import { setTimeout as sleep } from 'node:timers/promises';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { z } from 'zod';
import type { Ask, NoAnswer } from './network.ts';
import type { JudgeRequest } from './prompt.ts';

/** A request as a line of a batch file. */
export function batchLine({ id, body }: JudgeRequest): string {
  return `${JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body })}\n`;
}

/** Answers by the id of their request: a completion, or why there is none. */
export type Answers = ReadonlyMap<string, { readonly completion: unknown } | NoAnswer>;

const Line = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.number().int(), body: z.unknown() }).nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

/** Reads the lines of a batch's output or error file. A line that is none is told to `complain` and costs the others nothing. */
export function readAnswers(text: string, complain: (line: number, why: string) => void): Answers {
  const answers = new Map<string, { readonly completion: unknown } | NoAnswer>();
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      complain(at + 1, 'not JSON');
      continue;
    }
    const read = Line.safeParse(value);
    if (!read.success) {
      complain(at + 1, 'not the answer to a batch request');
      continue;
    }
    const { custom_id, response, error } = read.data;
    if (response && response.status_code < 300) answers.set(custom_id, { completion: response.body });
    else if (!answers.has(custom_id))
      answers.set(custom_id, {
        why: `the batch says ${error?.code ?? response?.status_code ?? 'nothing'}`,
        over: false,
      });
  }
  return answers;
}

/** Asks nobody: looks answers up. What is not among them is not answered. */
export function askAnswers(answers: Answers): Ask {
  return async ({ id }) => answers.get(id) ?? { why: 'not among the answers', over: false };
}

/** Submits requests and returns the batch's id. Rejects with the service's error. */
export async function submitBatch(client: OpenAI, lines: readonly string[], stop: AbortSignal): Promise<string> {
  const file = await toFile(Buffer.from(lines.join('')), 'plimsoll.jsonl');
  const uploaded = await client.files.create({ file, purpose: 'batch' }, { signal: stop, maxRetries: 2 });
  const batch = await client.batches.create(
    { input_file_id: uploaded.id, endpoint: '/v1/chat/completions', completion_window: '24h' },
    { signal: stop },
  );
  return batch.id;
}

const ENDED = new Set(['completed', 'failed', 'expired', 'cancelled']);

/** What became of a batch: its status, and all lines that it wrote, whether it ended well or not. */
export interface Ended {
  readonly status: string;
  readonly text: string;
}

/**
 * Waits until a batch has ended, asking every `every` milliseconds, and collects what it answered and what failed. A
 * question that fails is put again the next time; rejects when ten in a row do, or `stop` is aborted.
 */
export async function awaitBatch(
  client: OpenAI,
  id: string,
  options: { readonly stop: AbortSignal; readonly every: number; readonly tell: (status: string) => void },
): Promise<Ended> {
  const { stop, every, tell } = options;
  for (let failed = 0; ; ) {
    try {
      const batch = await client.batches.retrieve(id, { signal: stop });
      failed = 0;
      const counts = batch.request_counts;
      tell(counts ? `${batch.status}, ${counts.completed + counts.failed} of ${counts.total}` : batch.status);
      if (ENDED.has(batch.status)) {
        const files = [batch.output_file_id, batch.error_file_id].filter(
          (one) => typeof one === 'string' && one !== '',
        );
        const texts: string[] = [];
        for (const file of files)
          texts.push(await (await client.files.content(file!, { signal: stop, maxRetries: 3 })).text());
        return { status: batch.status, text: texts.join('\n') };
      }
    } catch (error) {
      stop.throwIfAborted();
      if (++failed >= 10 || (error as { status?: number }).status === 404) throw error;
    }
    await sleep(every, undefined, { signal: stop });
  }
}
