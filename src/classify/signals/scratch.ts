import { clueOfAct } from '../clues.ts';
import type { Signal } from '../signal.ts';

const SCRATCH = new Set(['touches scratch of the session only', 'opens something of the session', 'thinks aloud']);

const signal: Signal = {
  id: 'scratch',
  title: 'Scratch of the session',
  why: 'What only touches the tool’s own session (a tab, a selection, recorded thoughts) is gone at its end anyway.',
  examples: { speaks: [{ name: 'clear_thoughts' }], silent: [{ name: 'clear_database' }] },
  *notice({ tool, acts }) {
    for (const act of acts)
      if (act.role === 'main' && SCRATCH.has(act.sense.because ?? ''))
        yield { ...clueOfAct(act, '/name', tool.name), says: 'lowers', weight: 1 };
  },
};
export default signal;
