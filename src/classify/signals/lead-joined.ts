import { clueOfAct } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'lead-joined',
  title: 'Verbs joined to the main verb',
  why: 'A description that joins verbs (“create, update or delete”) promises each; the strongest counts most.',
  examples: {
    speaks: [{ name: 'x', description: 'Create, update and delete records.' }],
    silent: [{ name: 'x', description: 'Deletes a file.' }],
  },
  *notice({ description, statements }) {
    const first = statements.find((statement) => statement.acts.length > 0);
    for (const act of first?.acts ?? []) if (act.role === 'joined') yield clueOfAct(act, '/description', description);
  },
};
export default signal;
