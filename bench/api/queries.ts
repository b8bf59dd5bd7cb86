import { NOUNS, product, VERBS } from './fill.ts';

type Random = () => number;
const pick = <T>(list: readonly T[], random: Random) => list[Math.floor(random() * list.length)]!;

/** What nobody means well, and what finds nothing. */
const ODD = [
  "'; drop table server; --",
  '& | ! ( ) : *',
  '%',
  '\\',
  '<script>alert(1)</script>',
  'x'.repeat(200),
  '文件',
  'the',
];

/** Searches as people and others write them, each so often in a hundred. */
const KINDS: readonly (readonly [number, (random: Random, servers: number) => string])[] = [
  [45, (random) => `${pick(VERBS, random)} ${pick(NOUNS, random)}`],
  [20, (random) => pick(NOUNS, random)],
  // A word that a third of all tools have among them.
  [8, (random) => pick(VERBS, random)],
  [5, (random, servers) => product(Math.floor(random() * servers))],
  [4, (random, servers) => `${product(Math.floor(random() * servers))} ${pick(NOUNS, random)}`],
  [4, (random) => pick(NOUNS, random).slice(0, 4)],
  [4, (random) => `${pick(VERBS, random)} ${pick(NOUNS, random)} of the workspace`],
  // What nearly every description says.
  [2, (random) => pick(['workspace', 'number', 'one workspace'], random)],
  // A slip of the finger: one letter where its neighbour should be.
  [4, (random) => pick(NOUNS, random).replace(/^(..)(.)(.)/, '$1$3$2')],
  [4, (random) => pick(ODD, random)],
];

/** One search of the mix. */
export function asked(random: Random, servers: number): string {
  let left = random() * KINDS.reduce((sum, [share]) => sum + share, 0);
  for (const [share, make] of KINDS) {
    left -= share;
    if (left < 0) return make(random, servers);
  }
  return '';
}
