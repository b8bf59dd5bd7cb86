import { CATEGORIES, type Evidence, type Quote, RISKS, STARTING_RISK, type Verdict } from '#domain/verdict.ts';

/** One reason and every place that it rests on, strongest first; never without one. */
export interface Reason {
  readonly because: string;
  readonly quotes: readonly Quote[];
}

/** A verdict's evidence, sorted by what it did to the verdict; each list strongest first, nothing said twice. */
export interface Reasons {
  /** Speaks for the category that was chosen. */
  readonly category: readonly Reason[];
  readonly raises: readonly Reason[];
  readonly lowers: readonly Reason[];
  /** Speaks for another category than the one chosen. */
  readonly dissent: readonly Reason[];
  /** Steps by which the risk stands above (or, negative, below) the category's start. */
  readonly moved: number;
}

// Policy, page and twin of a tool all ask for the same.
const known = new WeakMap<Verdict, Reasons>();

/** Sorts the evidence of a verdict. Promises only order: nothing is weighed anew. */
export function reasonsOf(verdict: Verdict): Reasons {
  const found = known.get(verdict) ?? sorted(verdict);
  known.set(verdict, found);
  return found;
}

function sorted(verdict: Verdict): Reasons {
  const said = (wanted: (evidence: Evidence) => boolean) => grouped(verdict.evidence.filter(wanted));
  const isCategory = (says: string) => (CATEGORIES as readonly string[]).includes(says);
  return {
    category: said(({ says }) => says === verdict.category),
    raises: said(({ says }) => says === 'raises'),
    lowers: said(({ says }) => says === 'lowers'),
    dissent: said(({ says }) => isCategory(says) && says !== verdict.category),
    moved: RISKS.indexOf(verdict.risk) - RISKS.indexOf(STARTING_RISK[verdict.category]),
  };
}

function grouped(evidence: readonly Evidence[]): readonly Reason[] {
  if (evidence.length === 0) return [];
  const groups = new Map<string, Quote[]>();
  for (const { because, quote } of evidence.toSorted((a, b) => b.weight - a.weight)) {
    const quotes = groups.get(because);
    if (!quotes) groups.set(because, [quote]);
    else if (!quotes.some((one) => isSamePlace(one, quote))) quotes.push(quote);
  }
  return Array.from(groups, ([because, quotes]) => ({ because, quotes }));
}

function isSamePlace(one: Quote, other: Quote): boolean {
  return one.field === other.field && one.start === other.start && one.end === other.end && one.tool === other.tool;
}

/** Where a quote stands, in words: `description`, `parameter path`, `name of the tool get_x`. */
export function placeOf(quote: Quote): string {
  const keys = quote.field
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  // A quoted key says its own name.
  if (quote.at === 'key') keys.pop();
  const [top, ...rest] = keys;
  const inner = rest.filter((key) => key !== 'properties');
  const place =
    top === 'inputSchema'
      ? ['parameter', inner.join('.')].filter(Boolean).join(' ')
      : top === 'annotations'
        ? ['annotation', rest.join('.')].filter(Boolean).join(' ')
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
