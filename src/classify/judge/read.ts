import { z } from 'zod';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Opinion } from '#domain/verdict.ts';
import { ToolAnswer } from './answer.ts';
import { opinionOf } from './opinion.ts';
import type { JudgeRequest } from './prompt.ts';

/** What was wrong with an answer; the tools that it costs keep the rules' verdict. */
export type AnswerFault = 'refusal' | 'truncated' | 'no-answer' | 'invalid-json' | 'wrong-schema' | 'extra' | 'missing';

/** What one answer holds: opinions by tool, the tools that it says nothing usable of, and what was wrong with it. */
export interface Reading {
  readonly opinions: ReadonlyMap<ToolDefinition, Opinion>;
  readonly unanswered: readonly ToolDefinition[];
  readonly faults: readonly AnswerFault[];
}

/** Tokens that an answer says it took; undefined where it does not say. */
export function usageOf(completion: unknown): { readonly input: number; readonly output: number } | undefined {
  const read = Usage.safeParse(completion);
  return read.success ? { input: read.data.usage.prompt_tokens, output: read.data.usage.completion_tokens } : undefined;
}
const tokens = z.number().int().nonnegative();
const Usage = z.object({ usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }) });

const Completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
});
const Answer = z.object({ tools: z.array(z.unknown()) });

/** Reads an answer to a request. Never throws; whatever does not fit costs only the tools that it is about. */
export function readAnswer(request: JudgeRequest, completion: unknown): Reading {
  const all = [...request.tools.values()];
  const nothing = (...faults: readonly AnswerFault[]): Reading => ({ opinions: new Map(), unanswered: all, faults });
  const read = Completion.safeParse(completion);
  if (!read.success) return nothing('no-answer');
  const { finish_reason, message } = read.data.choices[0]!;
  if (message.refusal || finish_reason === 'content_filter') return nothing('refusal');
  if (finish_reason === 'length') return nothing('truncated');
  let value: unknown;
  try {
    value = JSON.parse(message.content ?? '');
  } catch {
    return nothing(message.content ? 'invalid-json' : 'no-answer');
  }
  const answer = Answer.safeParse(value);
  if (!answer.success) return nothing('wrong-schema');
  const faults = new Set<AnswerFault>();
  const opinions = new Map<ToolDefinition, Opinion>();
  for (const entry of answer.data.tools) {
    const one = ToolAnswer.safeParse(entry);
    if (!one.success) {
      faults.add('wrong-schema');
      continue;
    }
    const tool = request.tools.get(one.data.id);
    // An id that was not asked for, or asked for once and answered twice: the first answer counts.
    if (!tool || opinions.has(tool)) faults.add('extra');
    else opinions.set(tool, opinionOf(tool, one.data));
  }
  const unanswered = all.filter((tool) => !opinions.has(tool));
  if (unanswered.length > 0 && !faults.has('wrong-schema')) faults.add('missing');
  return { opinions, unanswered, faults: [...faults] };
}
