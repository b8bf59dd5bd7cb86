import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CATEGORIES, type Evidence, type Verdict } from '#domain/verdict.ts';
import { isCategory } from './decide.ts';
import { taxonomy } from './taxonomy.ts';

const text = z.string().min(1);
const Leg = z.strictObject({
  id: text,
  title: text,
  facets: z.array(z.enum(Object.keys(taxonomy.facets))).optional(),
  categories: z.array(z.enum(CATEGORIES)).optional(),
});
const Combinations = z.strictObject({
  combinations: z.array(z.strictObject({ id: text, title: text, why: text, legs: z.array(Leg).min(2) })),
});
const known = Combinations.parse(
  parse(readFileSync(join(import.meta.dirname, '..', '..', 'data', 'combinations.yaml'), 'utf8')),
).combinations;

/** A tool by its name, with its verdict. */
export interface AssessedTool {
  readonly name: string;
  readonly verdict: Verdict;
}

/** A tool that fills a leg, and what shows that it does. */
export interface Filler {
  readonly name: string;
  readonly evidence: readonly Evidence[];
}

/** What the tools of one server can do together, with the tools that make each leg, by name. */
export interface Combination {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly legs: readonly { readonly id: string; readonly title: string; readonly tools: readonly Filler[] }[];
}

function fills({ name, verdict }: AssessedTool, { facets, categories }: z.infer<typeof Leg>): readonly Filler[] {
  if (categories && !categories.includes(verdict.category)) return [];
  const evidence = facets
    ? facets.flatMap((facet) => (verdict.facets[facet]?.value === true ? verdict.facets[facet].evidence : []))
    : verdict.evidence.filter(({ says }) => isCategory(says) && says === verdict.category);
  return facets && evidence.length === 0 ? [] : [{ name, evidence }];
}

/**
 * The toxic combinations of data/combinations.yaml that the tools of one server make, the gravest first, each with the
 * tools that fill its legs and their evidence. Pure. One tool may fill several legs; a tool that was not assessed fills
 * none, so an incomplete list of tools can hide a combination but never make one up.
 */
export function combinations(tools: readonly AssessedTool[]): readonly Combination[] {
  return known.flatMap(({ id, title, why, legs }) => {
    const filled = legs.map((leg) => ({
      id: leg.id,
      title: leg.title,
      tools: tools.flatMap((tool) => fills(tool, leg)),
    }));
    return filled.every((leg) => leg.tools.length > 0) ? [{ id, title, why, legs: filled }] : [];
  });
}
