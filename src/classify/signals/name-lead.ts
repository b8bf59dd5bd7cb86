import { clueOfAct, trustIn } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'name-lead',
  title: 'First word of the name before an object',
  why: 'A word that is as often a noun is most likely a verb where it opens the name and an object follows (post_message, run_tests).',
  examples: {
    speaks: [{ name: 'post_message' }, { name: 'run_tests' }],
    silent: [{ name: 'delete_post' }, { name: 'trade' }, { name: 'issues.list' }],
  },
  *notice(subject) {
    const { tool, acts } = subject;
    for (const act of acts)
      if (act.role === 'main' && !act.sure && act.leads)
        yield clueOfAct(act, '/name', tool.name, trustIn(act, subject));
  },
};
export default signal;
