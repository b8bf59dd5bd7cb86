import { z } from 'zod';
import { readSetup } from '#discover/wanted.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { OUTCOMES } from '#domain/launch.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { resolveSetup } from '#publish/facts/resolve.ts';
import { type Markdown, md } from '#publish/markup/markdown.ts';
import { tallied } from '../views/resolve.ts';
import { count, named, plainName } from './words.ts';

const number = z.int().nonnegative();

/** A server in short, as every tool here shows it. */
export const Brief = z.object({
  id: z.string(),
  slug: z.string(),
  displayName: z.string(),
  outcome: z.enum([...OUTCOMES, 'unvisited']).describe('What came of the last visit'),
  toolCount: number,
  risk: z.enum(RISKS).optional().describe('The highest among its tools'),
  byCategory: z.record(z.enum(CATEGORIES), number),
  byRisk: z.record(z.enum(RISKS), number),
  unassessed: number,
});

export function briefOf(server: CatalogueServer): z.input<typeof Brief> {
  const { policy: _, page: __, slug, displayName, ...rest } = tallied(server);
  return { ...rest, slug: plainName(slug), displayName: plainName(displayName) };
}

/** The same in a sentence. */
export function inBrief({
  displayName,
  slug,
  toolCount,
  risk,
  byCategory,
  unassessed,
}: z.input<typeof Brief>): Markdown {
  if (toolCount === 0) return md`${named(displayName)} (${named(slug)}): no tools are known.`;
  const parts = CATEGORIES.flatMap((word) => (byCategory[word] ? [`${byCategory[word]} ${word}`] : []));
  if (unassessed > 0) parts.push(`${unassessed} not judged yet`);
  const highest = risk === undefined ? '' : `; highest risk ${risk}`;
  return md`${named(displayName)} (${named(slug)}): ${count(toolCount, 'tool')}, ${parts.join(', ')}${highest}.`;
}

/** The server that a text names, in any of the ways in which people name one. */
export async function serverNamed(catalogue: Catalogue, text: string): Promise<CatalogueServer | undefined> {
  const found = await catalogue.find(text.trim(), 'visit');
  if (found) return found.server;
  const { entries } = await resolveSetup(catalogue, readSetup([text]));
  return entries[0]?.server;
}

/** What is said where there is none: never that it is harmless. */
export function unknownServer(text: string): Markdown {
  return md`The catalogue has no server under ${named(text)}. That says nothing of its risk: treat it as not assessed.`;
}
