import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

const SAYS = /^\s*(?:[-*•]\s*)?(?:returns?\b|retrieves?\b|lists?\b)/;

const signal: Signal = {
  id: 'returns',
  title: 'Description that begins with what it returns',
  why: 'A description that opens with what comes back, and names no act, is of a lookup.',
  examples: {
    speaks: [{ name: 'x', description: 'Returns the weather.' }],
    silent: [
      { name: 'x', description: 'Retrieves a page and saves it.' },
      { name: 'x', description: 'Deletes a file. Returns a message.' },
    ],
  },
  *notice({ description, lower, statements }) {
    if (statements[0]?.acts.some(({ role, sense }) => role === 'joined' && sense.says !== 'Read')) return;
    const match = SAYS.exec(lower);
    if (match)
      yield {
        says: 'Read',
        weight: 0.7,
        because: 'the description opens with what comes back',
        quote: quote('/description', description, match[0].length - match[0].trimStart().length, match[0].length),
      };
  },
};
export default signal;
