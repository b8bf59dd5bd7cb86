import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

/** Verbs of which no other reading is usual. */
const PLAIN = new Set([
  'get',
  'list',
  'fetch',
  'search',
  'find',
  'read',
  'retrieve',
  'describe',
  'show',
  'view',
  'count',
  'lookup',
  'look',
  'check',
  'inspect',
  'browse',
  'validate',
  'verify',
  'calculate',
  'analyze',
  'analyse',
  'compare',
  'summarize',
  'explain',
]);
/** An act that says its category less surely than this contradicts nothing. */
const SURE = 0.5;

const signal: Signal = {
  id: 'lookup',
  title: 'A plain lookup, and nothing speaks against it',
  why: 'Where the name opens with a plain verb of looking up, joins no other, and the first sentence says nothing stronger, asides further on do not count.',
  examples: {
    speaks: [{ name: 'get_issue', description: 'Returns an issue. Deleted comments are left out.' }],
    silent: [
      { name: 'get_or_create_issue' },
      { name: 'get_transcripts', description: 'Get and download transcripts.' },
      { name: 'find_and_replace' },
    ],
  },
  *notice({ tool, acts, statements }) {
    const main = acts.find(({ role }) => role === 'main');
    if (!main || !PLAIN.has(main.lemma) || main.sense.says !== 'Read') return;
    const lead = statements.find((statement) => statement.acts.length > 0)?.acts ?? [];
    const stronger = [...acts, ...lead].some(
      ({ role, sense }) => role !== 'aside' && sense.says !== 'Read' && sense.weight >= SURE,
    );
    if (!stronger)
      yield {
        says: 'Read',
        weight: 0.8,
        because: 'a plain lookup, and the first sentence says nothing stronger',
        quote: quote('/name', tool.name, main.word.start, main.word.end),
      };
  },
};
export default signal;
