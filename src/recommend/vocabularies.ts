import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CATEGORIES, RISKS, type Verdict } from '#domain/verdict.ts';

const words = z.record(z.string(), z.string());
const Rule = z.strictObject({
  category: z.enum(CATEGORIES).optional(),
  facet: z.string().optional(),
  because: z.string(),
  terms: z.array(z.string()).min(1),
});
const File = z
  .strictObject({
    vocabularies: z.record(z.string(), z.strictObject({ title: z.string(), terms: words })),
    rules: z.array(Rule),
    'sep-2793': z.strictObject({
      title: z.string(),
      category: z.record(z.enum(CATEGORIES), z.string()),
      blastRadius: words,
      reversibility: words,
      approvalRecommendation: z.record(z.enum(RISKS), z.string()),
      sideEffects: z.array(z.string()),
    }),
  })
  .refine(({ vocabularies, rules }) => {
    const known = Object.values(vocabularies).flatMap(({ terms }) => Object.keys(terms));
    return rules.every(({ terms }) => terms.every((term) => known.includes(term)));
  }, 'a rule gives a term that no vocabulary has');

const file = File.parse(
  parse(readFileSync(join(import.meta.dirname, '..', '..', 'data', 'vocabularies.yaml'), 'utf8')),
);

/** A term of another vocabulary, and what about the tool gives occasion for it. */
export interface Term {
  readonly id: string;
  readonly title: string;
  readonly because: string;
}

/** A verdict as others would put it. */
export interface OtherWords {
  /** SEP-2793's record; a field that nothing is known of is absent. */
  readonly sep2793: {
    readonly riskLevel: string;
    readonly category: string;
    readonly blastRadius?: string;
    readonly reversibility?: string;
    readonly sideEffects: readonly string[];
    readonly approvalRecommendation: string;
  };
  /** Vocabularies that have something to say, with their terms. */
  readonly terms: readonly { readonly id: string; readonly title: string; readonly terms: readonly Term[] }[];
}

export const SEP_2793_TITLE = file['sep-2793'].title;

/** A verdict in the words of other vocabularies, by data/vocabularies.yaml. Pure; says no more than the verdict does. */
export function inOtherWords({ category, risk, facets }: Verdict): OtherWords {
  const has = (facet: string) => Object.hasOwn(facets, facet) && facets[facet]!.value === true;
  const word = (facet: string, by: Readonly<Record<string, string>>) => {
    const value = Object.hasOwn(facets, facet) ? String(facets[facet]!.value) : '';
    return Object.hasOwn(by, value) ? by[value] : undefined;
  };
  const rules = file.rules.filter(
    (rule) => rule.category === category || (rule.facet !== undefined && has(rule.facet)),
  );
  const { 'sep-2793': sep } = file;
  const blastRadius = word('scope', sep.blastRadius);
  const reversibility = category === 'Read' ? undefined : word('reversible', sep.reversibility);
  return {
    sep2793: {
      riskLevel: risk,
      category: sep.category[category],
      ...(blastRadius !== undefined && { blastRadius }),
      ...(reversibility !== undefined && { reversibility }),
      sideEffects: sep.sideEffects.filter(has),
      approvalRecommendation: sep.approvalRecommendation[risk],
    },
    terms: Object.entries(file.vocabularies).flatMap(([id, { title, terms }]) => {
      const said = Object.entries(terms).flatMap(([term, name]): Term[] => {
        const because = rules.filter((rule) => rule.terms.includes(term)).map((rule) => rule.because);
        return because.length === 0 ? [] : [{ id: term, title: name, because: because.join('; ') }];
      });
      return said.length === 0 ? [] : [{ id, title, terms: said }];
    }),
  };
}

const titles: ReadonlyMap<string, string> = new Map(
  Object.values(file.vocabularies).flatMap(({ terms }) => Object.entries(terms)),
);

/** What a term of any vocabulary means, in its list's own words. Throws for one that no vocabulary has. */
export function termTitle(id: string): string {
  const title = titles.get(id);
  if (title === undefined) throw new Error(`no vocabulary has the term '${id}'`);
  return title;
}
