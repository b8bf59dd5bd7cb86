import { clueOfAct, trustIn } from '../clues.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'lead',
  title: 'Main verb of the description',
  why: 'The main clause of the first sentence that has one says what the tool does; conditions, examples and warnings do not count.',
  examples: {
    speaks: [
      { name: 'x', description: 'Deletes a file.' },
      { name: 'x', description: 'Use this tool to send a message.' },
    ],
    silent: [
      { name: 'x', description: 'The weather.' },
      { name: 'x', description: 'Do not use to delete files.' },
    ],
  },
  *notice(subject) {
    const { description, statements } = subject;
    const first = statements.find((statement) => statement.acts.length > 0);
    for (const act of first?.acts ?? [])
      if (act.role === 'main')
        yield clueOfAct(act, '/description', description, (act.sure ? 1 : 0.6) * trustIn(act, subject));
  },
};
export default signal;
