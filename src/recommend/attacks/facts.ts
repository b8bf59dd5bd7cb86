import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import { CATEGORIES, type Verdict } from '#domain/verdict.ts';
import { wordsOf } from '../kinds.ts';
import { type Arguments, argumentsOf } from './argument-kinds.ts';

/** What the cues ask of one tool, read once. */
export interface Facts extends Arguments {
  readonly name: string;
  readonly words: readonly string[];
  /** What the name is about: its last word that is no verb of taking away. */
  readonly head: string;
  readonly category: number;
  readonly verdict: Verdict;
  /** The description in small letters, as far as it is read; made when first asked for. */
  text(): string;
}

/** How much of a description is read for phrases. */
const REACH = 3_000;
/** Nothing that a person writes as one name is longer; the rest of it is not read. */
const LONGEST_NAME = 200;

/** Verbs that stand behind their object in some names: bucket_delete. */
const TAKES_AWAY = new Set([
  'delete',
  'drop',
  'remove',
  'destroy',
  'terminate',
  'purge',
  'wipe',
  'truncate',
  'reset',
  'tool',
]);

/** Reads a tool for the cues; undefined where it was not assessed. */
export function factsOf({ definition, assessment }: CatalogueTool): Facts | undefined {
  if (!assessment) return undefined;
  const { kinds, first } = argumentsOf(definition.inputSchema);
  let text: string | undefined;
  const words = wordsOf(definition.name.slice(0, LONGEST_NAME));
  return {
    name: definition.name,
    words,
    head: words.findLast((word) => !TAKES_AWAY.has(word)) ?? '',
    category: 1 << CATEGORIES.indexOf(assessment.verdict.category),
    verdict: assessment.verdict,
    kinds,
    first,
    text: () => (text ??= (definition.description ?? '').slice(0, REACH).toLowerCase()),
  };
}

/** Words of the names under which a server is known. */
export function serverWords({ name, slug, title, packages }: CatalogueServer): ReadonlySet<string> {
  const names = [name, slug, title ?? '', ...packages.map(({ purl }) => purl.replace(/^pkg:/, ''))];
  return new Set(names.flatMap((one) => wordsOf(one.slice(0, LONGEST_NAME))));
}
