import { scrub } from '#core/text.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { type Evidence, type Facet, type Opinion, RISKS, type Says, STARTING_RISK } from '#domain/verdict.ts';
import { taxonomy } from '../taxonomy.ts';
import type { ToolAnswer } from './answer.ts';
import { findQuote } from './quotable.ts';

/** What a judge's word weighs, next to signals of 0 to 1: never the last word by weight alone. */
const WEIGHT = 0.8;
const LONGEST = { reason: 200, text: 600 };

/** A judge's own words as plain text: one line, nothing hidden, no address to follow, at most so long. */
function tidy(text: string, most: number): string {
  const line = scrub(text)
    .replace(/\s+/g, ' ')
    .replace(/\b(?:https?|ftp):\/\/\S+|\bwww\.\S+/gi, '[an address]')
    .trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
}

/** The first sentences of a text, three at most. */
function sentences(text: string): string {
  const parts = [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(tidy(text, LONGEST.text))];
  return parts
    .slice(0, 3)
    .map(({ segment }) => segment)
    .join('')
    .trim();
}

/** What an answer says of a tool as far as its quotes stand in the definition; every other claim is dropped. */
export function opinionOf(tool: ToolDefinition, answer: ToolAnswer): Opinion {
  const evidence = (says: Says, claim: ToolAnswer['category'] | ToolAnswer['risk']): Evidence | undefined => {
    const quote = findQuote(tool, claim.quote.field, claim.quote.text);
    return (
      quote && {
        signal: 'judge',
        says,
        weight: WEIGHT,
        because: `the judge: ${tidy(claim.because, LONGEST.reason)}`,
        quote,
      }
    );
  };
  const category = evidence(answer.category.value, answer.category);
  const start = category && STARTING_RISK[answer.category.value];
  const higher = start !== undefined && RISKS.indexOf(answer.risk.value) > RISKS.indexOf(start);
  const risk = evidence(higher ? 'raises' : 'lowers', answer.risk);
  const facets: Record<string, Facet> = {};
  for (const { name, value, ...claim } of answer.facets) {
    const known = taxonomy.facets[name];
    const quote = findQuote(tool, claim.quote.field, claim.quote.text);
    if (!known?.values.includes(value) || !quote || Object.hasOwn(facets, name)) continue;
    const because = `the judge: ${tidy(claim.because, LONGEST.reason)}`;
    facets[name] = {
      value: value === 'true' ? true : value === 'false' ? false : value,
      evidence: [{ signal: 'judge', says: `facet:${name}`, weight: WEIGHT, because, quote }],
    };
  }
  return {
    ...(category && { category: answer.category.value }),
    // A risk without a category has nothing to start from.
    ...(category && risk && { risk: answer.risk.value }),
    evidence: [category, category && risk && answer.risk.value !== start ? risk : undefined].filter(
      (one) => one !== undefined,
    ),
    facets,
    counter: sentences(answer.counter_reading),
    rationale: sentences(answer.rationale),
    misuse: sentences(answer.misuse),
  };
}
