import type { Clue, Signal } from '../signal.ts';
import { inDescription } from '../spot.ts';

const SAYS =
  /\b(?:overwrit(?:e|es|ing|ten)|(?:file|original|source|content) (?:\w+ ){0,3}(?:will be|is|are) (?:replaced|modified|overwritten)|in[- ]place|existing (?:\w+ )?(?:will be|is|are) (?:replaced|lost))\b/;
const NOT = /\b(?:not|never|without|n't|avoid|prevent\w*)\s(?:\w+\s)?$/;

const signal: Signal = {
  id: 'overwrite',
  title: 'Overwrites',
  why: 'What replaces the content that was there changes it, whatever its name says, and the old content is gone.',
  examples: {
    speaks: [
      { name: 'x', description: 'The source file will be replaced.' },
      { name: 'x', description: 'Overwrites the page.' },
    ],
    silent: [{ name: 'x', description: 'Does not overwrite files.' }],
  },
  *notice(subject): Iterable<Clue> {
    const found = inDescription(subject, SAYS);
    if (!found || NOT.test(subject.lower.slice(Math.max(0, found.start - 16), found.start))) return;
    yield { says: 'Write', weight: 0.8, because: 'it replaces what was there', quote: found };
    yield { says: 'raises', weight: 1, because: 'what was there is overwritten', quote: found };
  },
};
export default signal;
