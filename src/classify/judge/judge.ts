import type { ToolDefinition } from '#domain/tool.ts';
import type { Opinion } from '#domain/verdict.ts';
import { requestsFor } from './chunks.ts';
import type { Ask } from './network.ts';
import { type JudgeRequest, PROMPT_HASH, requestFor } from './prompt.ts';
import { readAnswer } from './read.ts';

/** What came of asking about a server's tools. */
export interface Hearing {
  readonly opinions: ReadonlyMap<ToolDefinition, Opinion>;
  /** Whether it is worth asking again another day: the service failed or the budget was spent, not the answer. */
  readonly postponed: boolean;
  /** Everything that went wrong, in short words or sentences. */
  readonly faults: readonly string[];
}

/** Reads tools beside the rules. Its prompt and model are part of every assessment's key. */
export interface Judge {
  readonly prompt: string;
  readonly model: string;
  /**
   * Hears it about some tools of one server. Where that takes several questions, `keep` is given what one was answered
   * before the next is put, so that a process which dies pays for no answer twice. Rejects only with the reason of an
   * aborted `stop`, and with whatever `keep` rejects with.
   */
  hear(
    tools: readonly ToolDefinition[],
    siblings: readonly string[],
    stop: AbortSignal,
    keep?: (opinions: ReadonlyMap<ToolDefinition, Opinion>) => Promise<void>,
  ): Promise<Hearing>;
}

/**
 * A judge behind a way of asking. What an answer left out (cut off, refused, unreadable) is asked for once more in
 * smaller parts, unless `again` is false; what is then still missing keeps the rules' verdict.
 */
export function judgeBy(ask: Ask, model: string, again = true): Judge {
  return {
    prompt: PROMPT_HASH,
    model,
    async hear(tools, siblings, stop, keep) {
      const opinions = new Map<ToolDefinition, Opinion>();
      const faults: string[] = [];
      let postponed = false;
      const open: { readonly request: JudgeRequest; readonly again: boolean }[] = (
        await requestsFor(tools, siblings, model)
      ).map((request) => ({ request, again }));
      for (let next = open.shift(); next; next = open.shift()) {
        const reply = await ask(next.request, stop);
        if ('why' in reply) {
          faults.push(reply.why);
          postponed = true;
          if (reply.over) break;
          continue;
        }
        const read = readAnswer(next.request, reply.completion);
        for (const [tool, opinion] of read.opinions) opinions.set(tool, opinion);
        faults.push(...read.faults);
        if (next.again) open.unshift(...smaller(read.unanswered, next.request.tools.size, siblings, model));
        if (open.length > 0 && read.opinions.size > 0) await keep?.(read.opinions);
      }
      return { opinions, postponed, faults };
    },
  };
}

/** The tools that an answer left out, in requests that are smaller than the one before where that can be. */
function smaller(rest: readonly ToolDefinition[], before: number, siblings: readonly string[], model: string) {
  const half = rest.length < before ? rest.length : Math.ceil(rest.length / 2);
  const parts = [rest.slice(0, half), rest.slice(half)].filter((part) => part.length > 0);
  return parts.map((part) => ({ request: requestFor(part, siblings, model), again: false }));
}
