import { clueOfAct } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'name-aside',
  title: 'Other verbs in the name',
  why: 'A verb beside the main one may only describe the object, but it shows what the tool is near to.',
  examples: {
    speaks: [{ name: 'get_delete_status' }],
    silent: [{ name: 'run_query' }, { name: 'get_status' }],
  },
  *notice({ tool, acts }) {
    const main = acts.find(({ role }) => role === 'main');
    for (const act of acts)
      if (act.role === 'aside' && (act.sure || !main?.object.includes(act.word.text)))
        yield clueOfAct(act, '/name', tool.name);
  },
};
export default signal;
