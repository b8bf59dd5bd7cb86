import { doesMoreThanWrite } from '../clues.ts';
import { DENIED_BEFORE, SAVED } from '../phrases.ts';
import type { Signal } from '../signal.ts';
import { inDescription } from '../spot.ts';

const signal: Signal = {
  id: 'saved',
  title: 'Says that the result is kept',
  why: 'A lookup that also saves what it found leaves something behind, so it is more than a lookup.',
  examples: {
    speaks: [
      { name: 'x', description: 'Searches trials and saves the results to a CSV file.' },
      { name: 'x', description: 'Scrapes a page into the knowledge base.' },
    ],
    silent: [
      { name: 'x', description: 'Counts the keys stored in the database.' },
      { name: 'x', description: 'Lists saved searches.' },
      { name: 'x', description: 'Maps a site. Does *not* ingest pages into the knowledge base.' },
    ],
  },
  *notice(subject) {
    if (doesMoreThanWrite(subject)) return;
    const found = inDescription(subject, SAVED);
    if (found && !DENIED_BEFORE.test(subject.lower.slice(Math.max(0, found.start - 24), found.start)))
      yield { says: 'Write', weight: 1, because: 'the result is kept', quote: found };
  },
};
export default signal;
