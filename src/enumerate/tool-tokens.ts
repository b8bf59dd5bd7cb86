import { countTokens } from '#core/tokens.ts';
import type { ToolDefinition } from '#domain/tool.ts';

/** Characters of a list beyond which nobody loads it, and counting would hold up everything else. */
const MOST = 2_000_000;

/**
 * Tokens (o200k_base) that a tool list costs an agent that loads it: of each tool the JSON of its name, description and
 * input schema, which is what clients put before a model. Undefined for lists of more than two million characters.
 */
export async function toolTokens(tools: readonly ToolDefinition[]): Promise<number | undefined> {
  const texts = tools.map(({ name, description, inputSchema }) => JSON.stringify({ name, description, inputSchema }));
  if (texts.reduce((sum, { length }) => sum + length, 0) > MOST) return undefined;
  let tokens = 0;
  for (const text of texts) {
    tokens += await countTokens(text);
    // Others' servers wait for their answers meanwhile.
    if (text.length > 10_000) await new Promise(setImmediate);
  }
  return tokens;
}
