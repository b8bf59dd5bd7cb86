import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

const SAYS =
  /\b(?:any|arbitrary|raw|custom|ad-?hoc|free-?form|generic)(?: [\w-]+){0,3}? (?:commands?|requests?|operations?|sql|code|scripts?|api calls?|endpoints?|method|quer(?:y|ies)|statements?|expressions?|tools?|functions?)\b|任意/;

const signal: Signal = {
  id: 'anything',
  title: 'Says that anything goes',
  why: 'A first sentence that offers any command, any request or raw statements leaves it to the caller what happens.',
  examples: {
    speaks: [{ name: 'x', description: 'Run any API command.' }],
    silent: [{ name: 'x', description: 'Run the command. Any request is fine.' }],
  },
  *notice({ description, lower, statements }) {
    const first = statements[0];
    const match = first && SAYS.exec(lower.slice(first.start, first.end));
    if (!match) return;
    const start = first.start + match.index;
    yield {
      says: 'Execute',
      weight: 0.8,
      because: 'what is done is up to the caller',
      quote: quote('/description', description, start, start + match[0].length),
    };
  },
};
export default signal;
