import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { WrongUse } from '#core/errors.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';

const Label = z.object({
  server: z.string(),
  tool: z.string(),
  category: z.enum(CATEGORIES),
  /** Other categories that a careful reader accepts. */
  also: z.array(z.enum(CATEGORIES)).default([]),
  risk: z.array(z.enum(RISKS)),
  /** Why, in a few words. */
  reason: z.string().optional(),
  /** Part of the set that the server is in as a whole: what was used for fitting, what was not. */
  split: z.string().optional(),
});
export type Label = z.infer<typeof Label>;

const tools = z.array(z.custom<ToolDefinition>((value) => typeof (value as ToolDefinition | null)?.name === 'string'));
const Listing = z.object({ server: z.string(), tools });

/** Judged tools and the whole servers that they stand on. */
export interface Gold {
  readonly labels: readonly Label[];
  readonly servers: ReadonlyMap<string, readonly ToolDefinition[]>;
}

function lines<T>(folder: string, file: string, schema: z.ZodType<T>): readonly T[] {
  const path = join(folder, file);
  if (!existsSync(path))
    throw new WrongUse(`There is no ${path}. A gold set is a folder with labels.jsonl and servers.jsonl.`);
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text, at) => {
      if (text.trim() === '') return [];
      try {
        return [schema.parse(JSON.parse(text))];
      } catch (error) {
        const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
        throw new WrongUse(`${path}:${at + 1}: ${why}`);
      }
    });
}

/** Reads a gold set. Throws `WrongUse`, naming file and line, for what is none. */
export function readGold(folder: string): Gold {
  const labels = lines(folder, 'labels.jsonl', Label);
  const servers = lines(folder, 'servers.jsonl', Listing);
  return { labels, servers: new Map(servers.map(({ server, tools }) => [server, tools])) };
}
