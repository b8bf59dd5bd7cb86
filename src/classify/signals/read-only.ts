import { READ_ONLY } from '../phrases.ts';
import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'read-only',
  title: 'Says that it only reads',
  why: 'A description that promises to change nothing, or to accept only reading statements, is taken at its word unless stronger words speak.',
  examples: {
    speaks: [
      { name: 'x', description: 'Runs a read-only query.' },
      { name: 'x', description: 'Only SELECT statements.' },
    ],
    silent: [{ name: 'x', description: 'Reads a file.' }],
  },
  *notice({ description, lower }) {
    const match = READ_ONLY.exec(lower);
    if (match)
      yield {
        says: 'Read',
        weight: 0.9,
        because: 'the description says that nothing is changed',
        quote: quote('/description', description, match.index, match.index + match[0].length),
      };
  },
};
export default signal;
