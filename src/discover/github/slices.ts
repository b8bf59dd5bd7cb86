/** A half-open range of whole numbers that a search can be narrowed to; `to` of a whole range has no upper end. */
interface Range {
  readonly qualifier: 'created' | 'stars' | 'size';
  readonly from: number;
  readonly to: number;
  readonly whole: readonly [from: number, to: number];
}

/** A part of everything that a search finds. GitHub gives no more than the first 1,000 results of each. */
export type Slice = readonly Range[];

const DAY = 86_400_000;
/** GitHub's first year. */
const FIRST_DAY = Date.UTC(2008, 0, 1);

/**
 * All there is, in ranges of powers of two: halves then fall on the same dates and numbers every night, so that their
 * pages have the same addresses and answer "not modified". Days until 2052, stars, kilobytes.
 */
export const ALL_REPOSITORIES: Slice = [whole('created', 2 ** 14), whole('stars', 2 ** 20), whole('size', 2 ** 24)];
/** Code search knows no date; it reads files below 384 KB. Bytes. */
export const ALL_FILES: Slice = [whole('size', 2 ** 19)];

function whole(qualifier: Range['qualifier'], to: number): Range {
  return { qualifier, from: 0, to, whole: [0, to] };
}

/** A slice in two: by its first range that can be halved. Undefined for the smallest slice there is. */
export function halves(slice: Slice): readonly [Slice, Slice] | undefined {
  const at = slice.findIndex(({ from, to }) => to - from > 1);
  const range = slice[at];
  if (!range) return undefined;
  const middle = range.from + (range.to - range.from) / 2;
  return [slice.with(at, { ...range, to: middle }), slice.with(at, { ...range, from: middle })];
}

/** The qualifiers that narrow a search to a slice; empty for everything. */
export function qualifiersOf(slice: Slice): string {
  return slice
    .filter(({ from, to, whole: [first, last] }) => from !== first || to !== last)
    .map(({ qualifier, from, to, whole: [, last] }) => {
      const value = qualifier === 'created' ? dayOf : String;
      return to === last ? `${qualifier}:>=${value(from)}` : `${qualifier}:${value(from)}..${value(to - 1)}`;
    })
    .join(' ');
}

function dayOf(number: number): string {
  return new Date(FIRST_DAY + number * DAY).toISOString().slice(0, 10);
}
