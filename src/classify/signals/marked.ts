import type { Category } from '#domain/verdict.ts';
import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

const MARK =
  /[[(（【]\s*(write|writes|mutation|mutating|mutates|modifies|write[- ]operation|destructive|dangerous|read|reads|read[- ]?only|execute|executes|financial|payment)(?: (?:operation|access|action|op|tool|only))?\s*[\])）】]/;
const SAYS: Readonly<Record<string, Category>> = {
  read: 'Read',
  reads: 'Read',
  destructive: 'Destructive',
  dangerous: 'Destructive',
  execute: 'Execute',
  executes: 'Execute',
  financial: 'Financial',
  payment: 'Financial',
};

const signal: Signal = {
  id: 'marked',
  title: 'Marked by the author',
  why: 'Some authors mark each tool in brackets as reading, writing or destructive; like an annotation that is a claim, but a deliberate one.',
  examples: {
    speaks: [
      { name: 'x', description: 'Start an analysis (write operation)' },
      { name: 'x', description: '[DESTRUCTIVE] Removes a host.' },
    ],
    silent: [{ name: 'x', description: 'Write (once) to a file.' }],
  },
  *notice({ description, lower }) {
    const match = MARK.exec(lower);
    if (!match) return;
    const word = match[1]!;
    const says = SAYS[word] ?? (word.startsWith('read') ? 'Read' : 'Write');
    yield {
      says,
      weight: 0.9,
      because: 'the author marks it so',
      quote: quote('/description', description, match.index, match.index + match[0].length),
    };
  },
};
export default signal;
