import { taxonomy } from '#classify/taxonomy.ts';
import { facetMark, type Mark } from '#domain/lists.ts';

/** A value of a facet that has a page: one that says more than that nothing was seen. */
export interface FacetValue {
  /** The last part of the mark, and of the page's address. */
  readonly id: string;
  readonly mark: Mark;
  readonly title: string;
}

/** Values that say that nothing is known, or what is the mildest of several. */
const SILENT = new Set(['false', 'unknown', 'item', 'yes']);

/** What a value means, where the facet's own words with the value behind them would not read well. */
const TITLES: Readonly<Record<string, string>> = {
  'reversible=no': 'Cannot be taken back with the same tools',
  'scope=account': 'One call reaches a whole account',
  'scope=organisation': 'One call reaches a whole organisation',
  'scope=system': 'One call reaches a whole system',
  'idempotent=no': 'A second same call changes something more',
};

/** Every facet value that has a page, in the order of the taxonomy. */
export const FACET_VALUES: readonly FacetValue[] = Object.entries(taxonomy.facets).flatMap(
  ([name, { about, values }]) =>
    values
      .filter((value) => !SILENT.has(value))
      .map((value) => {
        const mark = facetMark(name, value === 'true' ? true : value)!;
        const id = mark.slice('facet:'.length);
        return { id, mark, title: TITLES[id] ?? (value === 'true' ? about : `${about}: ${value}`) };
      }),
);
