import { clueOfAct, isStronger } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'lead-joined',
  title: 'Verbs joined to the main verb',
  why: 'A description that joins verbs (“create, update or delete”) promises each, and the strongest decides: what is weaker than the main verb adds nothing.',
  examples: {
    speaks: [{ name: 'x', description: 'Create, update and delete records.' }],
    silent: [
      { name: 'x', description: 'Deletes a file and lists the rest.' },
      { name: 'x', description: 'Deletes a file.' },
    ],
  },
  *notice({ description, statements }) {
    const first = statements.find((statement) => statement.acts.length > 0);
    const main = first?.acts.find(({ role }) => role === 'main');
    for (const act of first?.acts ?? [])
      if (act.role === 'joined' && main && isStronger(act.sense.says, main.sense.says))
        yield clueOfAct(act, '/description', description);
  },
};
export default signal;
