import type { Category, Evidence, Facet } from '#domain/verdict.ts';
import type { Clue } from './signal.ts';

const PREFIX = 'facet:';

type SignedClue = Clue & Evidence;

/** Facets that follow from the category where no signal speaks of them: what was taken for good has no way back. */
const FOLLOWS: { readonly [category in Category]?: readonly (readonly [facet: string, value: string | boolean])[] } = {
  Read: [['idempotent', 'yes']],
  Destructive: [['reversible', 'no']],
  Financial: [['moves-money', true]],
};

/**
 * The facets that the clues speak of, each with the value of its strongest clue and the evidence for that value, and
 * those that follow from the category, with the evidence for that. What nothing speaks of is absent: unknown, not false.
 */
export function facetsOf(category: Category, clues: readonly SignedClue[]): Readonly<Record<string, Facet>> {
  const found = new Map<string, SignedClue[]>();
  for (const clue of clues) {
    if (!clue.says.startsWith(PREFIX)) continue;
    const name = clue.says.slice(PREFIX.length);
    const known = found.get(name);
    if (known) known.push(clue);
    else found.set(name, [clue]);
  }
  const facets: Record<string, Facet> = {};
  for (const [name, all] of found) {
    const value = all.reduce((best, clue) => (clue.weight > best.weight ? clue : best)).value ?? true;
    const evidence = all.filter((clue) => (clue.value ?? true) === value).map(({ value: _, ...rest }) => rest);
    facets[name] = { value, evidence };
  }
  for (const [name, value] of FOLLOWS[category] ?? []) {
    if (facets[name]) continue;
    const evidence = clues
      .filter(({ says }) => says === category)
      .map(({ value: _, ...rest }) => ({ ...rest, says: `${PREFIX}${name}` as const }));
    if (evidence.length > 0) facets[name] = { value, evidence };
  }
  return facets;
}
