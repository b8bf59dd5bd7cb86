import { clueOfAct } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'name-joined',
  title: 'Second verb of the name',
  why: 'A name that joins two verbs (get_or_create, fetch_and_store) promises both.',
  examples: {
    speaks: [{ name: 'get_or_create' }, { name: 'fetch_and_store' }],
    silent: [{ name: 'create_issue' }, { name: 'list_deleted_items' }],
  },
  *notice({ tool, acts }) {
    for (const act of acts) if (act.role === 'joined') yield clueOfAct(act, '/name', tool.name);
  },
};
export default signal;
