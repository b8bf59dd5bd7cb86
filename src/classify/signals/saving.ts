import { doesMoreThanWrite } from '../clues.ts';
import { quoteKey } from '../quote.ts';
import type { Signal } from '../signal.ts';

/** Arguments that name the place where a result is put, whatever their words are joined by. */
const PLACE =
  /^(?:output|outfile|save|export|download|destination|dest|target|new|write|local)(?: ?to)?(?: ?(?:file|disk))?(?: ?(?:path|file|filename|file name|dir|directory|folder|location))?$/;
/** Flags that ask for the result to be kept. */
const FLAG = /^(?:save|store|persist|write|download)(?: (?:to|as|in|the|it|\w+)){1,3}$/;
/** Names of files, which a tool that makes something writes. */
const FILE = /^(?:file ?name|output ?name)$/;
/** A plain path is where the result goes only with verbs that take a thing that is there already. */
const PATH = /^(?:file ?)?path$/;
const OUT = new Set(['render', 'export', 'record', 'capture', 'save']);
const MAKES = new Set([
  'create',
  'generate',
  'make',
  'render',
  'export',
  'plot',
  'convert',
  'record',
  'draw',
  'capture',
  'build',
  'produce',
]);
/** Other things than places that these words name. */
const VAGUE = new Set(['output', 'destination', 'dest', 'target', 'new', 'save', 'local', 'export', 'write']);

const signal: Signal = {
  id: 'saving',
  title: 'Saves what it makes',
  why: 'An argument that names where a result is to be put shows that something stays behind.',
  examples: {
    speaks: [
      { name: 'x', inputSchema: { properties: { output_path: { type: 'string' } } } },
      { name: 'x', inputSchema: { properties: { saveScreenshot: { type: 'boolean' } } } },
      { name: 'render_map', inputSchema: { properties: { path: { type: 'string' } } } },
    ],
    silent: [
      { name: 'x', inputSchema: { properties: { id: { type: 'string' } } } },
      { name: 'read_map', inputSchema: { properties: { path: { type: 'string' } } } },
    ],
  },
  *notice(subject) {
    const { parameters } = subject;
    if (doesMoreThanWrite(subject)) return;
    const makes = subject.acts.some(({ role, lemma }) => role === 'main' && MAKES.has(lemma));
    const puts = subject.acts.some(({ role, lemma }) => role === 'main' && OUT.has(lemma));
    for (const { name, field, words, depth, type } of parameters) {
      const said = words.map(({ text }) => text).join(' ');
      const weight =
        depth > 0
          ? 0
          : PLACE.test(said)
            ? VAGUE.has(said)
              ? said === 'output' || said.startsWith('dest')
                ? 0.4
                : 0
              : 0.9
            : type === 'boolean' && FLAG.test(said)
              ? 0.5
              : (makes && FILE.test(said)) || (puts && PATH.test(said))
                ? 0.5
                : 0;
      if (weight > 0)
        yield {
          says: 'Write',
          weight,
          because: 'the result is put where the caller says',
          quote: quoteKey(field, name),
        };
    }
  },
};
export default signal;
