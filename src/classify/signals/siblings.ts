import { verbAndThing } from '../family.ts';
import { singular } from '../lexicon.ts';
import { quoteSibling } from '../quote.ts';
import type { Signal } from '../signal.ts';

const LOOKUPS = ['get', 'list', 'read', 'fetch', 'view', 'show', 'describe'];

const signal: Signal = {
  id: 'siblings',
  title: 'Siblings about the same thing',
  why: 'Beside get_x, a tool that is called plain x, or x with a doubtful verb, does something else than read x.',
  examples: {
    speaks: [{ name: 'volume', siblings: ['volume', 'get_volume'] }],
    silent: [
      { name: 'volume', siblings: ['volume', 'get_time'] },
      { name: 'drop_volume', siblings: ['drop_volume', 'get_volume'] },
      { name: 'get_volume', siblings: ['volume', 'get_volume'] },
    ],
  },
  *notice({ tool, words, acts, family }) {
    if (acts.some(({ sure, role, sense }) => sure || (role === 'main' && sense.says !== 'Read'))) return;
    const parts = words.map(({ text }) => text).filter((text, at) => at > 0 || !family.prefixes.has(text));
    const things = [parts.map(singular).join(' '), verbAndThing(parts)?.thing ?? ''];
    for (const thing of things)
      for (const verb of LOOKUPS) {
        const name = thing === '' ? undefined : family.acts.get(thing)?.get(verb);
        if (name && name !== tool.name)
          return yield {
            says: 'Write',
            weight: 0.6,
            because: 'a sibling already reads the same thing',
            quote: quoteSibling(name),
          };
      }
  },
};
export default signal;
