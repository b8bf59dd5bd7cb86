import { doesMoreThanWrite } from '../clues.ts';
import { quoteKey } from '../quote.ts';
import type { Signal } from '../signal.ts';

const SAVES = new Set([
  'outputpath',
  'outputfile',
  'outputdir',
  'savepath',
  'saveto',
  'savedir',
  'destination',
  'destinationpath',
  'outputdirectory',
  'outputfilename',
  'downloadpath',
  'dest',
  'targetpath',
  'savetofile',
  'savetodisk',
  'outputfilepath',
  'localpath',
  'downloaddir',
  'savelocation',
  'filepath',
  'targetdir',
  'destpath',
  'newpath',
  'output',
  'outfile',
  'savefile',
  'exportpath',
  'downloaddirectory',
  'savedirectory',
  'writetofile',
  'download',
]);

const signal: Signal = {
  id: 'saving',
  title: 'Saves what it makes',
  why: 'An argument that names where a result is to be put shows that something stays behind.',
  examples: {
    speaks: [{ name: 'x', inputSchema: { properties: { output_path: { type: 'string' } } } }],
    silent: [{ name: 'x', inputSchema: { properties: { id: { type: 'string' } } } }],
  },
  *notice(subject) {
    const { parameters } = subject;
    if (doesMoreThanWrite(subject)) return;
    for (const { name, field, words, depth } of parameters) {
      const joined = words.map(({ text }) => text).join('');
      if (depth > 0 || !SAVES.has(joined) || joined === 'filepath') continue;
      yield {
        says: 'Write',
        weight: joined === 'destination' || joined === 'output' ? 0.4 : 0.9,
        because: 'the result is put where the caller says',
        quote: quoteKey(field, name),
      };
    }
  },
};
export default signal;
