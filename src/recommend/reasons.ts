import { CATEGORIES, type Evidence, type Quote, RISKS, STARTING_RISK, type Verdict } from '#domain/verdict.ts';

/** A verdict's evidence, sorted by what it did to the verdict; each list strongest first, without repetitions. */
export interface Reasons {
  /** Speaks for the category that was chosen. */
  readonly category: readonly Evidence[];
  readonly raises: readonly Evidence[];
  readonly lowers: readonly Evidence[];
  /** Speaks for another category than the one chosen. */
  readonly dissent: readonly Evidence[];
  /** Steps by which the risk stands above (or, negative, below) the category's start. */
  readonly moved: number;
}

/** Sorts the evidence of a verdict. Promises only order: nothing is weighed anew. */
export function reasonsOf(verdict: Verdict): Reasons {
  const said = (wanted: (evidence: Evidence) => boolean) => strongestFirst(verdict.evidence.filter(wanted));
  const isCategory = (says: string) => (CATEGORIES as readonly string[]).includes(says);
  return {
    category: said(({ says }) => says === verdict.category),
    raises: said(({ says }) => says === 'raises'),
    lowers: said(({ says }) => says === 'lowers'),
    dissent: said(({ says }) => isCategory(says) && says !== verdict.category),
    moved: RISKS.indexOf(verdict.risk) - RISKS.indexOf(STARTING_RISK[verdict.category]),
  };
}

function strongestFirst(evidence: readonly Evidence[]): readonly Evidence[] {
  const seen = new Set<string>();
  return evidence
    .toSorted((a, b) => b.weight - a.weight)
    .filter((one) => {
      const key = JSON.stringify([one.because, one.quote.field, one.quote.start, one.quote.tool]);
      return !seen.has(key) && seen.add(key);
    });
}

/** Where a quote stands, in words: `description`, `parameter path`, `name of the tool get_x`. */
export function placeOf(quote: Quote): string {
  const keys = quote.field
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const [top, ...rest] = keys;
  const place =
    top === 'inputSchema' && rest[0] === 'properties' && rest[1] !== undefined
      ? `parameter ${rest
          .slice(1)
          .filter((key) => key !== 'properties')
          .join('.')}`
      : top === 'annotations' && rest[0] !== undefined
        ? `annotation ${rest.join('.')}`
        : keys.join('.') || 'definition';
  return quote.tool === undefined ? place : `${place} of the tool ${quote.tool}`;
}

/** A reason as a sentence: first letter capital, one full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? '' : '.'}`;
}

/** The words of a quote, cut to what fits a line (120 UTF-16 units, never through a surrogate pair). */
export function excerpt(text: string): string {
  if (text.length <= 120) return text;
  return `${text.slice(0, 119).replace(/[\ud800-\udbff]$/, '')}…`;
}
