import { quoteKey } from '../quote.ts';
import type { Clue, Signal } from '../signal.ts';

const signal: Signal = {
  id: 'hints',
  title: 'Annotations',
  why: 'What the author declares about reading and destroying is a claim: it counts a little and is compared with the rest.',
  examples: {
    speaks: [
      { name: 'x', annotations: { readOnlyHint: true } },
      { name: 'x', annotations: { destructiveHint: true, readOnlyHint: false } },
    ],
    silent: [{ name: 'x', annotations: { readOnlyHint: 'yes' } }, { name: 'x' }],
  },
  *notice({ annotations }): Iterable<Clue> {
    const said = (key: string, value: boolean): boolean =>
      Object.hasOwn(annotations, key) && annotations[key] === value;
    if (said('readOnlyHint', true))
      yield {
        says: 'Read',
        weight: 1,
        because: 'the author declares the tool read-only',
        quote: quoteKey('/annotations/readOnlyHint', 'readOnlyHint'),
      };
    if (said('readOnlyHint', false))
      yield {
        says: 'Write',
        weight: 0.5,
        because: 'the author declares that the tool is not read-only',
        quote: quoteKey('/annotations/readOnlyHint', 'readOnlyHint'),
      };
    if (said('destructiveHint', true))
      yield {
        says: 'Destructive',
        weight: 0.5,
        because: 'the author declares the tool destructive',
        quote: quoteKey('/annotations/destructiveHint', 'destructiveHint'),
      };
    if (said('destructiveHint', false) && !said('readOnlyHint', true))
      yield {
        says: 'Write',
        weight: 0.3,
        because: 'the author declares that nothing is destroyed',
        quote: quoteKey('/annotations/destructiveHint', 'destructiveHint'),
      };
  },
};
export default signal;
