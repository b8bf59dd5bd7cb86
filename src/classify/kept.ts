import { verbAndThing } from './family.ts';
import type { Subject } from './subject.ts';

/** Verbs whose result is returned, or kept where the server keeps such things. */
const MAKES = new Set([
  'create',
  'generate',
  'make',
  'build',
  'draw',
  'design',
  'compose',
  'produce',
  'plot',
  'prepare',
  'render',
  'transform',
  'translate',
  'convert',
  'rewrite',
  'enhance',
  'refine',
  'optimize',
  'improve',
  'sort',
  'format',
  'import',
  'load',
]);
/** What shows that a thing is kept: something else changes it or takes it away. */
const CHANGES = ['update', 'delete', 'edit', 'modify', 'patch', 'remove', 'rename', 'archive', 'publish', 'unpublish'];

/**
 * The sibling that changes or takes away what a tool makes, which shows that the server keeps it. Undefined where the
 * tool makes nothing or no sibling does.
 */
export function changedBy({ words, acts, family }: Pick<Subject, 'words' | 'acts' | 'family'>): string | undefined {
  if (!acts.some(({ role, lemma }) => role === 'main' && MAKES.has(lemma))) return undefined;
  const made = verbAndThing(words.map(({ text }) => text).filter((text, at) => at > 0 || !family.prefixes.has(text)));
  const kin = made && family.acts.get(made.thing);
  for (const verb of CHANGES) {
    const name = kin?.get(verb);
    if (name) return name;
  }
  return undefined;
}
