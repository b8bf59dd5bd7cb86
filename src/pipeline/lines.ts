import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Judge } from '#classify/judge/judge.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { type Assessor, verdictsOf } from './verdicts.ts';

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

/** One server as a line gives it. */
export interface Listing {
  readonly server: string;
  readonly tools: readonly ToolDefinition[];
}

/**
 * Reads JSON Lines, one server a line. A bad line goes to `complain` with its number and costs the others nothing.
 * Returns how many lines were bad.
 */
export async function* readListings(
  input: Readable,
  complain: (line: number, why: string) => void,
): AsyncGenerator<Listing, number> {
  let number = 0;
  let bad = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (text.trim() === '') continue;
    const line = read(text);
    if (typeof line === 'string') {
      bad++;
      complain(number, line);
    } else yield { server: line.server, tools: toolsOf(line) };
  }
  return bad;
}

/** The judge that reads lines beside the rules, and where its failures are told. */
export interface Reading {
  readonly judge?: Judge | undefined;
  readonly stop: AbortSignal;
  readonly fault: (server: string, why: string) => void;
}

/** Classifies one server's tools: one line of JSON a tool. */
export async function classifyListing(
  { server, tools }: Listing,
  assessor: Assessor,
  { judge, stop, fault }: Reading,
): Promise<string> {
  const names = tools.map((tool) => tool.name);
  const hearing = await judge?.hear(tools, names, stop);
  for (const why of new Set(hearing?.faults)) fault(server, why);
  const verdicts = verdictsOf(assessor, tools, names, (tool) => hearing?.opinions.get(tool));
  return tools.map(({ name }, at) => `${JSON.stringify({ server, tool: name, ...verdicts[at] })}\n`).join('');
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
