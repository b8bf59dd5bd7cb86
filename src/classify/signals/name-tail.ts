import { clueOfAct, trustIn } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'name-tail',
  title: 'Doubtful word at the end of the name',
  why: 'A word that may be a verb means less at the end of a name, where it is more often the noun that the tool is about.',
  examples: {
    speaks: [{ name: 'kube_log' }, { name: 'issues.list' }],
    silent: [{ name: 'log' }, { name: 'delete_log' }],
  },
  *notice(subject) {
    const { tool, words, acts } = subject;
    for (const act of acts)
      if (act.role === 'main' && !act.sure && !act.leads && words.length > 1)
        yield clueOfAct(act, '/name', tool.name, trustIn(act, subject));
  },
};
export default signal;
