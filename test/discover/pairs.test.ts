import { readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { join } from '#discover/join.ts';
import { hasListings, realSightings } from '../support/shared.ts';

/**
 * A pair of real listings, by source and listing, and what a person who read both made of them. `same`: they list one
 * thing to run. `different`: two, and so are two packages of one repository, two folders, a fork and its original.
 * `unsure`: the listings do not say, mostly because only the forge knows whether a repository moved.
 */
interface Pair {
  readonly a: string;
  readonly b: string;
  readonly drawn: 'together' | 'apart';
  readonly label: 'same' | 'different' | 'unsure';
  readonly why: string;
}

/** Of pairs that are the same, so many may stay apart. */
const MISSED = 0.03;

/** The pairs of a file whose first line says how they were drawn, by whom they were labelled, and what they cannot show. */
function pairsOf(file: string): readonly Pair[] {
  return readFileSync(joinPath(import.meta.dirname, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Pair | { readonly about: string })
    .filter((line) => 'label' in line);
}

describe.skipIf(!hasListings)(`hand-checked pairs${hasListings ? '' : ' (skipped: no shared data)'}`, () => {
  const servers = new Map<string, number>();
  beforeAll(() => {
    for (const [i, { sightings }] of join(realSightings()).entries())
      for (const { source, listing } of sightings) servers.set(`${source} ${listing}`, i);
  });

  test.each([
    ['that rules were fitted to', 'pairs.jsonl'],
    ['that were drawn and labelled afterwards', 'pairs-blind.jsonl'],
  ])('%s: no two servers are merged that a person told apart, and few are left apart that are one', (_, file) => {
    const pairs = pairsOf(file);
    for (const { a, b } of pairs) expect([a, b].filter((key) => !servers.has(key))).toEqual([]);
    expect(pairs.filter(({ drawn }) => drawn === 'together')).toHaveLength(200);
    expect(pairs.filter(({ drawn }) => drawn === 'apart')).toHaveLength(200);
    const merged = ({ a, b }: Pair) => servers.get(a) === servers.get(b);
    expect(pairs.filter((pair) => pair.label === 'different' && merged(pair))).toEqual([]);
    const same = pairs.filter(({ label }) => label === 'same');
    const missed = same.filter((pair) => !merged(pair));
    const unsure = pairs.filter(({ label }) => label === 'unsure').length;
    console.info(`${same.length} pairs are one server, ${missed.length} of them apart; ${unsure} cannot be told`);
    expect(missed.length / same.length, missed.map(({ a, b }) => `${a} and ${b}`).join('; ')).toBeLessThan(MISSED);
  });
});
