import type { Test } from './compile.ts';
import type { Facts } from './facts.ts';

/**
 * Finds the few tests that can hold for a tool at all, by what each cannot do without, so that a tool costs no more when
 * attacks are added that do not concern it. The answer keeps the order of `tests`.
 */
export function chooser(tests: readonly Test[]): (server: ReadonlySet<string>) => (facts: Facts) => readonly Test[] {
  const byName = new Map<string, number[]>();
  const byAbout = new Map<string, number[]>();
  const byFacet = new Map<string, number[]>();
  const byArgument: { readonly mask: number; readonly at: number }[] = [];
  const always: number[] = [];
  const note = (map: Map<string, number[]>, keys: readonly string[], at: number) => {
    for (const key of keys) map.set(key, [...(map.get(key) ?? []), at]);
  };
  for (const [at, { key }] of tests.entries()) {
    if (key.by === 'name') note(byName, key.words, at);
    else if (key.by === 'about') {
      note(byName, key.words, at);
      note(byAbout, key.words, at);
    } else if (key.by === 'facet') note(byFacet, key.facets, at);
    else if (key.by === 'argument') byArgument.push({ mask: key.mask, at });
    else always.push(at);
  }
  return (server) => {
    const here = [...always, ...[...server].flatMap((word) => byAbout.get(word) ?? [])];
    return ({ words, kinds, verdict }) => {
      const found = new Set(here);
      for (const word of words) for (const at of byName.get(word) ?? []) found.add(at);
      for (const { mask, at } of byArgument) if ((kinds & mask) !== 0) found.add(at);
      for (const facet in verdict.facets) for (const at of byFacet.get(facet) ?? []) found.add(at);
      return found.size === 0 ? [] : [...found].sort((a, b) => a - b).map((at) => tests[at]!);
    };
  };
}
