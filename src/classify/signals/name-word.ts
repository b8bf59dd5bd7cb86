import { clueOfAct } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'name-word',
  title: 'Word of the name that may be a verb',
  why: 'Many words of names are verbs or nouns (order, post, test): they say something, but less than a sure verb.',
  examples: {
    speaks: [{ name: 'issues.list' }, { name: 'trade' }],
    silent: [{ name: 'post_message' }, { name: 'delete_post' }, { name: 'weather' }],
  },
  *notice({ tool, acts }) {
    for (const act of acts)
      if (act.role === 'main' && !act.sure && !act.leads) yield clueOfAct(act, '/name', tool.name);
  },
};
export default signal;
