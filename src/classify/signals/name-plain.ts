import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'name-plain',
  title: 'Name without any verb',
  why: 'Tools are more often named after what they return than after what they change; a name without a verb leans to reading.',
  examples: {
    speaks: [{ name: 'weather' }],
    silent: [{ name: 'text_to_audio' }, { name: 'create_issue' }, { name: 'trade' }],
  },
  *notice({ tool, acts, words }) {
    const converts = words.some(({ text }, at) => at > 0 && (text === 'to' || text === '2'));
    if (acts.length === 0 && !converts && tool.name !== '')
      yield {
        says: 'Read',
        weight: 0.5,
        because: 'the name has no verb, only what the tool is about',
        quote: quote('/name', tool.name),
      };
  },
};
export default signal;
