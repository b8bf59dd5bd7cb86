import { clueOfAct } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'title',
  title: 'Verb of the title',
  why: 'A title is the name in words for people, and its verb is what the author says to them.',
  examples: {
    speaks: [
      { name: 'x', title: 'Delete a file' },
      { name: 'x', annotations: { title: 'Send mail' } },
    ],
    silent: [{ name: 'x', title: 'Weather' }, { name: 'delete_x' }],
  },
  *notice({ title }) {
    for (const act of title?.acts ?? [])
      if (act.role === 'main') yield clueOfAct(act, title!.field, title!.text, act.sure ? 1 : 0.5);
  },
};
export default signal;
