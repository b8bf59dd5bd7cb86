import { foreignActs } from '../foreign.ts';
import { heads, stops } from '../lexicon.ts';
import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

/** So many sentences are looked at for any act. */
const SENTENCES = 3;
const LONGEST = 60;

const signal: Signal = {
  id: 'no-act',
  title: 'Description without an act',
  why: 'A description that says what there is (“Near-Earth objects: asteroids and comets”) and not what is done names what comes back.',
  examples: {
    speaks: [
      { name: 'x', description: 'Temporary port-forward to a pod.' },
      { name: 'x', description: 'Near-Earth objects: asteroids and comets.' },
    ],
    silent: [{ name: 'x', description: 'Deletes a domain.' }, { name: 'x', description: '删除' }, { name: 'x' }],
  },
  *notice(subject) {
    const { description, statements } = subject;
    const first = statements[0];
    if (!first || statements.slice(0, SENTENCES).some(({ acts }) => acts.length > 0) || foreignActs(subject).lead)
      return;
    const stop = first.words.findIndex(
      ({ text, end }) => stops.has(text) || /^\s*[,;:(]/.test(description.slice(end, end + 2)),
    );
    const head = first.words[stop < 0 ? first.words.length - 1 : stops.has(first.words[stop]!.text) ? stop - 1 : stop];
    const named = head && heads.get(head.text);
    if (named && named !== 'Read')
      return yield {
        says: named,
        weight: 0.9,
        because: 'what it offers is the thing that does this',
        quote: quote('/description', description, head.start, head.end),
      };
    const said = description.slice(first.start, first.end);
    const start = first.end - said.trimStart().length;
    const end = Math.min(first.end, start + LONGEST);
    yield {
      says: 'Read',
      weight: subject.acts.length === 0 ? 1 : 0.6,
      because: 'it says what there is and not what is done',
      quote: quote('/description', description, start, end),
    };
  },
};
export default signal;
