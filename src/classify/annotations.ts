import type { ToolDefinition } from '#domain/tool.ts';
import type { Evidence, Quote, Verdict } from '#domain/verdict.ts';
import { isCategory } from './decide.ts';
import { quoteKey } from './quote.ts';

/** The hints of the protocol that are compared. */
export const HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;
export type Hint = (typeof HINTS)[number];

/** What an author declares of a tool and the definition contradicts. */
export interface Contradiction {
  readonly tool: string;
  readonly hint: Hint;
  readonly declared: boolean;
  /** What the definition says instead, in one sentence. */
  readonly found: string;
  /** `safer`: the claim makes the tool look more harmless than it reads; `graver`: the other way round. */
  readonly claims: 'safer' | 'graver';
  /** How sure the verdict is, 0 to 1. */
  readonly confidence: number;
  readonly declaration: Quote;
  /** Never of the annotations themselves: no claim is proved or disproved by itself. */
  readonly evidence: readonly Evidence[];
}

/** Verdicts less sure than this contradict nobody. */
const SURE = 0.7;

function declared({ annotations }: ToolDefinition, hint: Hint): boolean | undefined {
  const value = annotations && Object.hasOwn(annotations, hint) ? annotations[hint] : undefined;
  return typeof value === 'boolean' ? value : undefined;
}

/** What the definition says of a hint, apart from the hint. Undefined where it says nothing surely. */
function inferred(
  hint: Hint,
  { category, confidence, evidence, facets }: Verdict,
): { readonly value: boolean; readonly found: string; readonly evidence: readonly Evidence[] } | undefined {
  const own = (list: readonly Evidence[]) => list.filter(({ quote }) => !quote.field.startsWith('/annotations'));
  if (hint === 'readOnlyHint' || hint === 'destructiveHint') {
    if (confidence < SURE) return undefined;
    const value = hint === 'readOnlyHint' ? category === 'Read' : category === 'Destructive';
    // That a write is "destructive" may mean that it overwrites, which the protocol's wording allows.
    if (hint === 'destructiveHint' && !value && category !== 'Read') return undefined;
    const why = own(evidence.filter(({ says }) => isCategory(says) && says === category));
    return { value, found: `the definition says ${category}`, evidence: why };
  }
  const facet = facets[hint === 'idempotentHint' ? 'idempotent' : 'open-world'];
  const why = facet ? own(facet.evidence) : [];
  if (!facet || why.length === 0) return undefined;
  const value = facet.value === true || facet.value === 'yes';
  return { value, found: why[0]!.because, evidence: why };
}

/** What the definition says of a hint, beside what is declared. */
export interface FoundHint {
  readonly hint: Hint;
  readonly found: string;
  /** Whether the author declares the opposite. */
  readonly contradicts: boolean;
}

/** What the definition surely says of each hint apart from the annotations; a hint of which it says nothing is absent. */
export function hintsOf(tool: ToolDefinition, verdict: Verdict): readonly FoundHint[] {
  return HINTS.flatMap((hint): readonly FoundHint[] => {
    const read = inferred(hint, verdict);
    if (!read || read.evidence.length === 0) return [];
    const said = declared(tool, hint);
    return [{ hint, found: read.found, contradicts: said !== undefined && said !== read.value }];
  });
}

/**
 * Where an author's annotations and the verdict contradict each other: one row per hint. Pure. A hint that is not
 * declared contradicts nothing (its default is not a claim), and neither does what the verdict is unsure of.
 */
export function contradictions(tool: ToolDefinition, verdict: Verdict): readonly Contradiction[] {
  return HINTS.flatMap((hint): readonly Contradiction[] => {
    const said = declared(tool, hint);
    const read = said === undefined ? undefined : inferred(hint, verdict);
    if (said === undefined || !read || read.value === said || read.evidence.length === 0) return [];
    const isSafe = hint === 'readOnlyHint' || hint === 'idempotentHint' ? said : !said;
    return [
      {
        tool: tool.name,
        hint,
        declared: said,
        found: read.found,
        claims: isSafe ? 'safer' : 'graver',
        confidence: verdict.confidence,
        declaration: quoteKey(`/annotations/${hint}`, hint),
        evidence: read.evidence,
      },
    ];
  });
}
