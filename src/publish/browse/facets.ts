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

/** Every facet value that has a page, in the order of the taxonomy. */
export const FACET_VALUES: readonly FacetValue[] = Object.entries(taxonomy.facets).flatMap(
  ([name, { about, values }]) =>
    values
      .filter((value) => !SILENT.has(value))
      .map((value) => {
        const mark = facetMark(name, value === 'true' ? true : value)!;
        return { id: mark.slice('facet:'.length), mark, title: value === 'true' ? about : `${about}: ${value}` };
      }),
);
