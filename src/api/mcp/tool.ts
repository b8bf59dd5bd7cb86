import { z } from 'zod';
import type { Catalogue } from '#publish/catalogue.ts';

/** What a tool answers: the short of it for a reader, the same as data, and a file where one was asked for. */
export interface Answer<Data = Record<string, unknown>> {
  /** Markdown; strangers' words stand in code spans and fenced blocks. */
  readonly text: string;
  readonly data: Data;
  /** Given whole, after the text. */
  readonly file?: string;
}

/** One tool of the catalogue's own MCP server. All read, nothing else; see `ANNOTATIONS`. */
export interface CatalogueTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Takes what `input` has let through. Rejects only where the catalogue cannot be read. */
  answer(input: Record<string, unknown>, catalogue: Catalogue): Promise<Answer>;
}

/** True of every tool here: reads one closed catalogue, and answers the same twice as long as that stays the same. */
export const ANNOTATIONS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

/** Checks a tool's answer against its own schemas, then forgets which they are. */
export function catalogueTool<In extends z.ZodObject, Out extends z.ZodObject>(
  tool: Omit<CatalogueTool, 'input' | 'output' | 'answer'> & {
    readonly input: In;
    readonly output: Out;
    answer(input: z.output<In>, catalogue: Catalogue): Promise<Answer<z.input<Out>>>;
  },
): CatalogueTool {
  return tool as unknown as CatalogueTool;
}

/** How a server is named in every tool. */
export const serverArgument = z
  .string()
  .min(1)
  .max(2_000)
  .describe(
    'Id or slug in the catalogue, package (npm:@scope/name, pkg:pypi/name), repository, address of a remote server, or name in the official registry',
  );
