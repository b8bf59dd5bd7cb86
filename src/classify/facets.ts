import type { Category, Evidence, Facet } from '#domain/verdict.ts';
import type { Clue } from './signal.ts';

const PREFIX = 'facet:';

type SignedClue = Clue & Evidence;

/**
 * The facets that the clues speak of, each with the value of its strongest clue and the evidence for that value. A facet
 * that nothing speaks of is absent: it is unknown, not false. Money is moved by what the verdict calls Financial.
 */
export function facetsOf(category: Category, clues: readonly SignedClue[]): Readonly<Record<string, Facet>> {
  const found = new Map<string, SignedClue[]>();
  const money: readonly SignedClue[] =
    category === 'Financial'
      ? clues.filter(({ says }) => says === 'Financial').map((clue) => ({ ...clue, says: `${PREFIX}moves-money` }))
      : [];
  for (const clue of [...clues, ...money]) {
    if (!clue.says.startsWith(PREFIX)) continue;
    const name = clue.says.slice(PREFIX.length);
    found.set(name, [...(found.get(name) ?? []), clue]);
  }
  const facets: Record<string, Facet> = {};
  for (const [name, all] of found) {
    const value = all.reduce((best, clue) => (clue.weight > best.weight ? clue : best)).value ?? true;
    const evidence = all.filter((clue) => (clue.value ?? true) === value).map(({ value: _, ...rest }) => rest);
    facets[name] = { value, evidence };
  }
  return facets;
}
