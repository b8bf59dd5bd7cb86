import type { Category } from '#domain/verdict.ts';
import { trustInNoun } from '../clues.ts';
import { asking, heads } from '../lexicon.ts';
import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

const BECAUSE: Readonly<Record<Category, string>> = {
  Read: 'a name that ends in what it returns and has no verb asks for that',
  Write: 'the name ends in the word for something that is changed or sent',
  Execute: 'the name ends in the word for something that is run',
  Destructive: 'the name ends in the word for taking something away',
  Financial: 'the name ends in the word for a payment or a trade',
};

const PLURAL = /[^siu]s$/;

const signal: Signal = {
  id: 'name-head',
  title: 'Last noun of a name without a verb',
  why: 'Where a name has no sure verb, its last word says what the tool is: a status is read, a shell runs, a payment pays.',
  examples: {
    speaks: [{ name: 'courses' }, { name: 'current_moon' }, { name: 'order_history' }, { name: 'shell' }],
    silent: [{ name: 'delete_history' }, { name: 'foo' }],
  },
  *notice(subject) {
    const { tool, words, acts } = subject;
    const last = words.at(-1);
    const first = words[0];
    if (!last || !first || acts.some((act) => act.sure)) return;
    const says = heads.get(last.text);
    if (says)
      return yield {
        says,
        weight: 0.9 * trustInNoun(says, subject),
        because: BECAUSE[says],
        quote: quote('/name', tool.name, last.start, last.end),
      };
    if (words.length > 1 && asking.has(first.text))
      yield {
        says: 'Read',
        weight: 0.9,
        because: 'it asks for what there is',
        quote: quote('/name', tool.name, first.start, first.end),
      };
    else if (acts.length === 0 && PLURAL.test(last.text))
      yield {
        says: 'Read',
        weight: 0.7 * trustInNoun('Read', subject),
        because: 'a plural names what is listed',
        quote: quote('/name', tool.name, last.start, last.end),
      };
  },
};
export default signal;
