import type { LegQuery } from '#domain/lists.ts';
import { COMBINATIONS } from '#recommend/combinations.ts';

export type Leg = (typeof COMBINATIONS)[number]['legs'][number];

/** The tools that fill a leg, as lists know them. */
export function legQuery({ facets, categories }: Leg): LegQuery {
  return { marks: facets?.map((facet) => `facet:${facet}` as const), categories };
}

/** What tells a leg from others; legs of several combinations that ask for the same have the same. */
export function legKey({ facets = [], categories = [] }: Leg): string {
  return [...facets, ...categories].join('+');
}

/** Every leg once, by key. */
export const LEGS: ReadonlyMap<string, LegQuery> = new Map(
  COMBINATIONS.flatMap(({ legs }) => legs.map((leg) => [legKey(leg), legQuery(leg)] as const)),
);
