import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { CATEGORIES, type Evidence, type Verdict } from '#domain/verdict.ts';
import { wordsOf } from './kinds.ts';

const text = z.string().min(1);
const Leg = z.strictObject({
  id: text,
  title: text,
  facets: z.array(text).optional(),
  categories: z.array(z.enum(CATEGORIES)).optional(),
  words: z.array(text).optional(),
  unless: z.array(text).optional(),
});
const Combinations = z.strictObject({
  combinations: z.array(z.strictObject({ id: text, title: text, why: text, legs: z.array(Leg).min(2) })),
});
/** The table of toxic combinations, the gravest first; the last leg of each is the one that does the harm. */
export const COMBINATIONS = Combinations.parse(
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

/** Words of a tool's name, split when first asked for: of most legs the verdict alone tells that a tool is none. */
interface Candidate extends AssessedTool {
  readonly words: () => readonly string[];
}

function candidate(tool: AssessedTool): Candidate {
  let words: readonly string[] | undefined;
  return { ...tool, words: () => (words ??= wordsOf(tool.name)) };
}

function fills({ name, verdict, words: own }: Candidate, leg: z.infer<typeof Leg>): readonly Filler[] {
  const { facets, categories, words = [], unless = [] } = leg;
  if (categories && !categories.includes(verdict.category)) return [];
  const evidence = (facets ?? []).flatMap((facet) =>
    verdict.facets[facet]?.value === true ? verdict.facets[facet].evidence : [],
  );
  const named = () => verdict.category !== 'Read' && words.length > 0 && hasAny(` ${own().join(' ')} `, words);
  if (facets && evidence.length === 0 && !named()) return [];
  if (unless.length > 0 && own().some((word) => unless.includes(word))) return [];
  return [
    {
      name,
      evidence: evidence.length > 0 ? evidence : verdict.evidence.filter(({ says }) => says === verdict.category),
    },
  ];
}

function hasAny(spaced: string, phrases: readonly string[]): boolean {
  return phrases.some((phrase) => spaced.includes(` ${phrase} `));
}

/**
 * The toxic combinations of data/combinations.yaml that the tools of one server make, the gravest first, each with the
 * tools that fill its legs and their evidence. Pure. One tool may fill several legs; a tool that was not assessed fills
 * none, so an incomplete list of tools can hide a combination but never make one up.
 */
export function combinations(tools: readonly AssessedTool[]): readonly Combination[] {
  const candidates = tools.map(candidate);
  return COMBINATIONS.flatMap(({ id, title, why, legs }) => {
    const filled = legs.map((leg) => ({
      id: leg.id,
      title: leg.title,
      tools: candidates.flatMap((tool) => fills(tool, leg)),
    }));
    return filled.every((leg) => leg.tools.length > 0) ? [{ id, title, why, legs: filled }] : [];
  });
}

/** What a server's assessed tools can do together, the gravest first. */
export function combinationsOf({ tools }: Pick<CatalogueServer, 'tools'>): readonly Combination[] {
  const found =
    known.get(tools) ??
    combinations(
      tools.flatMap(({ definition: { name }, assessment }) =>
        assessment ? [{ name, verdict: assessment.verdict }] : [],
      ),
    );
  known.set(tools, found);
  return found;
}
// A server's page asks for them, its grade does, and the attacks on each of its tools.
const known = new WeakMap<CatalogueServer['tools'], readonly Combination[]>();

/** Tools named for one leg before the rest is counted. */
const NAMED = 3;

/**
 * The last legs of the combinations that some tools make, by the tool's name: a sentence each on what it completes and
 * with which other tools.
 */
export function lastLegs(tools: readonly AssessedTool[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { title, legs } of combinations(tools)) {
    const last = legs.at(-1)!;
    for (const { name } of last.tools) {
      const others = legs.slice(0, -1).map((leg) => `${namesOf(leg.tools, name)} ${leg.title}`);
      const sentence = `${title}: on this server ${others.join(', ')}, and this tool ${last.title}.`;
      found.set(name, [...(found.get(name) ?? []), sentence]);
    }
  }
  return found;
}

/** Others before the tool itself, which needs no second tool to be led to. */
function namesOf(tools: readonly Filler[], self: string): string {
  const others = tools.filter(({ name }) => name !== self).map(({ name }) => `'${name}'`);
  if (others.length === 0) return 'it';
  const shown = others.slice(0, NAMED);
  return others.length > NAMED ? `${shown.join(', ')} (and ${others.length - NAMED} more)` : shown.join(', ');
}
