import type { ToolDefinition } from '#domain/tool.ts';
import type { Evidence, Quote, Verdict } from '#domain/verdict.ts';
import { quoteKey } from './quote.ts';

/** Hints of the protocol that a verdict can contradict. */
export const HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;
export type Hint = (typeof HINTS)[number];

/** One thing that an author declares and that the evidence does not bear out. It accuses nobody: either may be wrong. */
export interface Contradiction {
  readonly hint: Hint;
  readonly declared: boolean;
  /** What the verdict says instead, in words that follow "the evidence says". */
  readonly inferred: string;
  /** Whether the declaration is milder than the evidence: the kind that a client which trusts it suffers from. */
  readonly milder: boolean;
  /** Where it is declared. */
  readonly quote: Quote;
  /** The strongest evidence against the declaration, where there is one piece. */
  readonly evidence?: Evidence;
}

/** What of the author's annotations the verdict contradicts, in order of the hints. What is not declared is no claim. */
export function contradictionsOf({ annotations }: ToolDefinition, verdict: Verdict): readonly Contradiction[] {
  const { category, evidence } = verdict;
  const declared = (hint: Hint) =>
    annotations && Object.hasOwn(annotations, hint) && typeof annotations[hint] === 'boolean'
      ? annotations[hint]
      : undefined;
  const found: Contradiction[] = [];
  const add = (hint: Hint, inferred: string, milder: boolean, against: readonly Evidence[]) => {
    const strongest = against
      .filter(({ quote }) => !quote.field.startsWith('/annotations/'))
      .reduce<Evidence | undefined>((best, one) => (!best || one.weight > best.weight ? one : best), undefined);
    const quote = quoteKey(`/annotations/${hint}`, hint);
    found.push({ hint, declared: declared(hint)!, inferred, milder, quote, ...(strongest && { evidence: strongest }) });
  };
  const forCategory = evidence.filter(({ says }) => says === category);

  if (declared('readOnlyHint') === true && category !== 'Read') add('readOnlyHint', category, true, forCategory);
  if (declared('readOnlyHint') === false && category === 'Read') add('readOnlyHint', 'Read', false, forCategory);
  if (declared('destructiveHint') === false && category === 'Destructive')
    add('destructiveHint', 'Destructive', true, forCategory);
  if (declared('destructiveHint') === true && category === 'Read') add('destructiveHint', 'Read', false, forCategory);
  const repeats = facet(verdict, 'idempotent');
  if (declared('idempotentHint') === true && repeats?.value === 'no')
    add('idempotentHint', 'that a second same call changes more', true, repeats.evidence);
  for (const [name, words] of [
    ['sends-out', 'that it sends data outside'],
    ['reads-untrusted-content', 'that it returns what strangers wrote'],
  ] as const) {
    const open = facet(verdict, name);
    if (
      declared('openWorldHint') === false &&
      open?.value === true &&
      !found.some(({ hint }) => hint === 'openWorldHint')
    )
      add('openWorldHint', words, true, open.evidence);
  }
  return found;
}

function facet({ facets }: Verdict, name: string) {
  return Object.hasOwn(facets, name) ? facets[name] : undefined;
}
