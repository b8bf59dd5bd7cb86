import type { Category } from '#domain/verdict.ts';
import { heads } from '../lexicon.ts';
import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

const BECAUSE: Readonly<Record<Category, string>> = {
  Read: 'a name that ends in what it returns and has no verb asks for that',
  Write: 'the name ends in the word for something that is changed or sent',
  Execute: 'the name ends in the word for something that is run',
  Destructive: 'the name ends in the word for taking something away',
  Financial: 'the name ends in the word for a payment or a trade',
};

const signal: Signal = {
  id: 'name-head',
  title: 'Last noun of a name without a verb',
  why: 'Where a name has no sure verb, its last word says what the tool is: a status is read, a shell runs, a payment pays.',
  examples: {
    speaks: [{ name: 'order_history' }, { name: 'shell' }],
    silent: [{ name: 'delete_history' }, { name: 'foo' }],
  },
  *notice({ tool, words, acts }) {
    const last = words.at(-1);
    if (!last || acts.some((act) => act.sure)) return;
    const says = heads.get(last.text);
    if (says)
      yield { says, weight: 0.9, because: BECAUSE[says], quote: quote('/name', tool.name, last.start, last.end) };
  },
};
export default signal;
