import type { Clue, Signal } from '../signal.ts';
import { inDescription, inName } from '../spot.ts';

const BACK =
  /\b(?:soft[- ]?delet\w+|(?:to|in|into) (?:the )?(?:trash|recycle bin)|can be (?:restored|recovered|undone|reversed)|recoverable|reversible|undo(?:ne)? (?:is )?(?:possible|available)|marks? (?:\w+ )?(?:for deletion|as deleted)|archiv(?:e|es|ed) instead)\b/;
const NOT =
  /\b(?:permanent(?:ly)?|irreversibl[ey]|cannot be (?:undone|reversed|recovered)|can't be undone|not recoverable|unrecoverable)\b|不可逆|不可恢复/;
const TRASH = /trash|recycle bin/;
const NAMED = /\b(?:trash|archive|soft)\b/;

const signal: Signal = {
  id: 'recoverable',
  title: 'Can it be taken back',
  why: 'A delete that goes to the trash can be taken back; one that says it is permanent cannot.',
  examples: {
    speaks: [
      { name: 'x', description: 'Moves the page to the trash.' },
      { name: 'x', description: 'Permanently deletes.' },
    ],
    silent: [{ name: 'x', description: 'Lists pages.' }],
  },
  *notice(subject): Iterable<Clue> {
    const gone = inDescription(subject, NOT);
    if (gone) {
      yield {
        says: 'facet:reversible',
        value: 'no',
        weight: 0.9,
        because: 'the description says that it is for good',
        quote: gone,
      };
      return;
    }
    const back = inDescription(subject, BACK) ?? inName(subject, NAMED);
    if (!back) return;
    yield {
      says: 'facet:reversible',
      value: 'yes',
      weight: 0.8,
      because: 'what it does can be taken back',
      quote: back,
    };
    if (TRASH.test(back.text.toLowerCase()))
      yield { says: 'Write', weight: 0.8, because: 'it goes to the trash and can be taken out again', quote: back };
    yield { says: 'lowers', weight: 1, because: 'what it does can be taken back', quote: back };
  },
};
export default signal;
