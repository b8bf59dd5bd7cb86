import { clueOfAct } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'name-word',
  title: 'Name of one word that may be a verb',
  why: 'Many one-word names are verbs or nouns (order, post, test): they say something, but less than a sure verb.',
  examples: {
    speaks: [{ name: 'order' }, { name: 'trade' }],
    silent: [{ name: 'post_message' }, { name: 'delete_post' }, { name: 'weather' }],
  },
  *notice({ tool, words, acts }) {
    for (const act of acts)
      if (act.role === 'main' && !act.sure && words.length === 1) yield clueOfAct(act, '/name', tool.name);
  },
};
export default signal;
