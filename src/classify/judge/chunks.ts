import { countTokens } from '#core/tokens.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { type JudgeRequest, requestFor } from './prompt.ts';
import { shown } from './show.ts';

/** A request holds at most this many tokens of definitions, and this many tools: longer answers get careless. */
const MOST = { tokens: 20_000, tools: 25 };

/** Tokens that a request sends. */
export async function requestTokens({ body }: JudgeRequest): Promise<number> {
  let tokens = await countTokens(JSON.stringify(body.response_format));
  for (const { content } of body.messages) tokens += await countTokens(content);
  return tokens;
}

/** Requests about some tools of one server: one, or several where they are too many for one. Order is kept. */
export async function requestsFor(
  tools: readonly ToolDefinition[],
  siblings: readonly string[],
  model: string,
): Promise<readonly JudgeRequest[]> {
  const chunks: ToolDefinition[][] = [];
  let room = 0;
  for (const tool of tools) {
    const tokens = await countTokens(shown('t1', tool));
    const last = chunks.at(-1);
    if (!last || tokens > room || last.length >= MOST.tools) {
      chunks.push([tool]);
      room = MOST.tokens - tokens;
    } else {
      last.push(tool);
      room -= tokens;
    }
  }
  return chunks.map((chunk) => requestFor(chunk, siblings, model));
}
