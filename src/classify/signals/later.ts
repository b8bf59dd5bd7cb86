import { clueOfAct } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'later',
  title: 'Verbs of later sentences',
  why: 'Sentences after the first tell details and side effects, but also advice to the model; their verbs count a little.',
  examples: {
    speaks: [{ name: 'x', description: 'Handles the page. Deletes the old version.' }],
    silent: [
      { name: 'x', description: 'Deletes a file. Returns a message.' },
      { name: 'x', description: 'Deletes a file.' },
    ],
  },
  *notice({ description, statements }) {
    const first = statements.findIndex((statement) => statement.acts.length > 0);
    if (first < 0) return;
    for (const { acts } of statements.slice(first + 1))
      for (const act of acts) if (act.sure && act.lemma !== 'return') yield clueOfAct(act, '/description', description);
  },
};
export default signal;
