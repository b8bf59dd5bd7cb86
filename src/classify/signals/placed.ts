import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

const MAKES = new Set([
  'create',
  'generate',
  'make',
  'draw',
  'build',
  'plot',
  'load',
  'place',
  'compose',
  'render',
  'design',
  'convert',
]);
/** Where a thing that is made comes to stand in something that is kept. */
const INTO =
  /\b(?:in|into|to|on|onto|inside|within) (?:the |an? |your |this |that |its )?(?:(?:new|existing|given|specified|current|active|open|google|excel|word|powerpoint|postgresql|postgres|mysql|notion|figma|blender) ){0,2}(?:worksheet|sheet|spreadsheet|workbook|slide|presentation|document|canvas|scene|project|board|whiteboard|dashboard|vault|notebook|track|timeline|layer|repository|workspace|table|collection|database|knowledge base|file system|project folder|image file|disk)\b/;
const REACH = 160;

const signal: Signal = {
  id: 'placed',
  title: 'Put into something that is kept',
  why: 'A chart in a worksheet, a shape on a canvas or a table in a database is not handed back but stays where it was put.',
  examples: {
    speaks: [{ name: 'x', description: 'Create chart in worksheet' }],
    silent: [
      { name: 'x', description: 'Create a chart from data' },
      { name: 'x', description: 'Find a chart in a worksheet' },
    ],
  },
  *notice({ description, lower, statements }) {
    const first = statements.find(({ acts }) => acts.length > 0);
    const main = first?.acts.find(({ role }) => role === 'main');
    if (!first || !main || !MAKES.has(main.lemma) || (main.sense.says !== 'Read' && main.sense.says !== 'Write'))
      return;
    const match = INTO.exec(lower.slice(main.word.end, Math.min(first.end, main.word.end + REACH)));
    if (!match) return;
    const start = main.word.end + match.index;
    yield {
      says: 'Write',
      weight: 0.8,
      because: 'what it makes is put where it stays',
      quote: quote('/description', description, start, start + match[0].length),
    };
  },
};
export default signal;
