// Draws pairs of listings for a person to judge: `node test/support/draw-pairs.ts SEED [LABELLED...]`, the same on every
// run over the same listings and rules. Servers that a pair of a labelled file is of are left out. Prints both listings
// of each pair, in an order that does not tell which of them the rules had merged; that, `--answers` prints.
import { readFileSync } from 'node:fs';
import { claimsOf } from '#discover/identity.ts';
import { join } from '#discover/join.ts';
import type { Sighting } from '#domain/server.ts';
import { random } from './random.ts';
import { realSightings } from './shared.ts';

const EACH = 200;
type Pair = readonly [Sighting, Sighting];

const [seed, ...labelled] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const numbers = random(Number(seed));
function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((one) => ({ one, at: numbers.next().value }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

const keyOf = ({ source, listing }: Sighting) => `${source} ${listing}`;
const bare = (one: Sighting) =>
  one.name
    .toLowerCase()
    .replace(/^.*\//, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => !/^(mcp|server|servers|the|a|by|for|js|ts|py|node|python)$/.test(word))
    .join('');
const ownersOf = (one: Sighting) => [
  ...(claimsOf(one).place?.repository.split('/').slice(1, 2) ?? []),
  ...one.packages.flatMap(({ purl }) => /^pkg:npm\/%40([^/]+)\//.exec(purl)?.[1] ?? []),
];

const groups = join(realSightings());
const groupOf = new Map<Sighting, number>();
for (const [i, { sightings }] of groups.entries()) for (const one of sightings) groupOf.set(one, i);
const all = [...groupOf.keys()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

// Each server stands in one pair at most, so that what is odd about one does not count twice.
const drawn = new Set<number>();
const known = new Map(all.map((one) => [keyOf(one), groupOf.get(one)!]));
for (const file of labelled)
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const { a, b } = JSON.parse(line) as { a?: string; b?: string };
    for (const key of [a, b]) if (key !== undefined && known.has(key)) drawn.add(known.get(key)!);
  }

/** Pairs of different servers that share a key, at most three a key, so that no crowd fills the sample. */
function apart(keysOf: (one: Sighting) => readonly string[]): Pair[] {
  const sharing = new Map<string, Sighting[]>();
  for (const one of all) for (const key of new Set(keysOf(one))) sharing.set(key, [...(sharing.get(key) ?? []), one]);
  return [...sharing.values()].flatMap((list) => {
    const pairs = list.flatMap((a, i) => list.slice(i + 1, i + 40).map((b): Pair => [a, b]));
    return shuffled(pairs.filter(([a, b]) => groupOf.get(a) !== groupOf.get(b))).slice(0, 3);
  });
}

/** Pairs that are hard to tell apart: one repository, one package or remote, one owner and a like name, one name, one text. */
const HARD: readonly ((one: Sighting) => readonly string[])[] = [
  (one) => [claimsOf(one).place?.repository ?? keyOf(one)],
  (one) => claimsOf(one).artefacts,
  (one) => ownersOf(one).map((owner) => `${owner} ${bare(one).slice(0, 6)}`),
  (one) => (bare(one).length > 3 ? [bare(one)] : []),
  (one) => (one.description && one.description.length > 30 ? [one.description] : []),
];

/** One pair of each server, servers that more than two listings name first in every other place. */
function together(): Pair[] {
  const pairs = groups
    .filter(({ sightings }, i) => sightings.length > 1 && !drawn.has(i))
    .map(({ sightings }) => ({ size: sightings.length, pair: shuffled(sightings).slice(0, 2) as unknown as Pair }));
  const large = shuffled(pairs.filter(({ size }) => size > 2)).slice(0, EACH / 2);
  return [...large, ...shuffled(pairs.filter(({ size }) => size === 2)).slice(0, EACH - large.length)].map(
    ({ pair }) => pair,
  );
}

/** Of every way to be hard as many, as far as there are so many. */
function hardOnes(): Pair[] {
  const ways = HARD.map((keysOf) => shuffled(apart(keysOf)));
  const found: Pair[] = [];
  for (let at = 0; found.length < EACH && ways.some((way) => way.length > 0); at++) {
    const way = ways[at % ways.length]!;
    for (let pair = way.pop(); pair; pair = way.pop()) {
      const servers = pair.map((one) => groupOf.get(one)!);
      if (servers.some((server) => drawn.has(server))) continue;
      for (const server of servers) drawn.add(server);
      found.push(pair);
      break;
    }
  }
  return found;
}

const merged = together();
for (const pair of merged) drawn.add(groupOf.get(pair[0])!);
const drawnPairs = [
  ...merged.map((pair) => ({ drawn: 'together', pair })),
  ...hardOnes().map((pair) => ({ drawn: 'apart', pair })),
];
for (const { drawn: how, pair } of shuffled(drawnPairs)) {
  const [a, b] = shuffled(pair) as unknown as Pair;
  const line = process.argv.includes('--answers') ? { a: keyOf(a), b: keyOf(b), drawn: how } : { a, b };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
