import { doesMoreThanWrite } from '../clues.ts';
import { verbAndThing } from '../family.ts';
import { quoteSibling } from '../quote.ts';
import type { Signal } from '../signal.ts';

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

const signal: Signal = {
  id: 'kept',
  title: 'What it makes is kept here',
  why: 'A chart or a document that is made could just be handed back; where a sibling updates or deletes such things, the server keeps them.',
  examples: {
    speaks: [
      { name: 'chart_create', siblings: ['chart_create', 'chart_delete'] },
      { name: 'translate_document', siblings: ['translate_document', 'patch_document'] },
    ],
    silent: [
      { name: 'create_chart', siblings: ['create_chart', 'create_map'] },
      { name: 'get_chart', siblings: ['get_chart', 'delete_chart'] },
    ],
  },
  *notice(subject) {
    const { words, acts, family } = subject;
    if (doesMoreThanWrite(subject) || !acts.some(({ role, lemma }) => role === 'main' && MAKES.has(lemma))) return;
    const made = verbAndThing(words.map(({ text }) => text).filter((text, at) => at > 0 || !family.prefixes.has(text)));
    const kin = made && family.acts.get(made.thing);
    for (const verb of CHANGES) {
      const name = kin?.get(verb);
      if (name)
        return yield {
          says: 'Write',
          weight: 0.9,
          because: 'a sibling changes or deletes such things, so they are kept',
          quote: quoteSibling(name),
        };
    }
  },
};
export default signal;
