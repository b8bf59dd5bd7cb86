import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Assessor } from './classify.ts';

const JsonObject = z.custom<NonNullable<ToolDefinition['inputSchema']>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);
const Line = z.object({
  server: z.string(),
  tools: z.array(
    z.object({
      name: z.string().min(1),
      title: z.string().nullish(),
      description: z.string().nullish(),
      inputSchema: JsonObject.nullish(),
      outputSchema: JsonObject.nullish(),
      annotations: JsonObject.nullish(),
    }),
  ),
});

/** A server's tools as a line of JSON gives them; an absent field and null are the same. */
function toolsOf(line: z.infer<typeof Line>): readonly ToolDefinition[] {
  return line.tools.map(
    (tool) =>
      Object.fromEntries(Object.entries(tool).filter(([, value]) => value != null)) as unknown as ToolDefinition,
  );
}

/**
 * Classifies JSON Lines, one server a line, and yields one line a tool. A bad line goes to `complain` with its number
 * and costs the others nothing. Returns how many lines were bad.
 */
export async function* classifyLines(
  input: Readable,
  assessor: Assessor,
  complain: (line: number, why: string) => void,
): AsyncGenerator<string, number> {
  let number = 0;
  let bad = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (text.trim() === '') continue;
    const line = read(text);
    if (typeof line === 'string') {
      bad++;
      complain(number, line);
      continue;
    }
    const tools = toolsOf(line);
    const names = tools.map((tool) => tool.name);
    let out = '';
    for (const tool of tools) {
      const { category, access, risk, confidence, evidence, facets } = assessor.assess(tool, names);
      out += `${JSON.stringify({ server: line.server, tool: tool.name, category, access, risk, confidence, evidence, facets })}\n`;
    }
    yield out;
  }
  return bad;
}

function read(text: string): z.infer<typeof Line> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `not JSON: ${(error as Error).message}`;
  }
  const result = Line.safeParse(value);
  return result.success
    ? result.data
    : result.error.issues
        .slice(0, 3)
        .map((issue) => `${issue.path.join('.') || 'the line'} ${issue.message}`)
        .join('; ');
}
