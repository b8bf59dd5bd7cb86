import { clueOfAct, trustIn } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'name-verb',
  title: 'Verb of the name',
  why: 'The verb in a tool’s name, in any naming style and word order, read with its object, is what its author calls it for.',
  examples: {
    speaks: [
      { name: 'delete_repo' },
      { name: 'payeeCreate' },
      { name: 'sandbox_execute_query' },
      { name: 'refund.delete' },
    ],
    silent: [{ name: 'weather' }, { name: 'issues.list' }, { name: 'post_message' }],
  },
  *notice(subject) {
    const { tool, acts } = subject;
    for (const act of acts)
      if (act.role === 'main' && act.sure) yield clueOfAct(act, '/name', tool.name, trustIn(act, subject));
  },
};
export default signal;
