import { READING_LANGUAGE } from '../phrases.ts';
import type { Clue, Signal } from '../signal.ts';
import { inDescription, inName } from '../spot.ts';

const signal: Signal = {
  id: 'reading-language',
  title: 'A query language that only reads',
  why: 'Log, metric and search languages have no way to write; running what the caller writes in them only reads.',
  examples: {
    speaks: [{ name: 'execute_query', description: 'Runs a KQL query.' }],
    silent: [{ name: 'execute_query', description: 'Runs a SQL query.' }],
  },
  *notice(subject): Iterable<Clue> {
    const found = inName(subject, READING_LANGUAGE) ?? inDescription(subject, READING_LANGUAGE);
    if (!found) return;
    yield { says: 'Read', weight: 0.6, because: 'its query language cannot write', quote: found };
    yield { says: 'lowers', weight: 1, because: 'its query language cannot write', quote: found };
  },
};
export default signal;
