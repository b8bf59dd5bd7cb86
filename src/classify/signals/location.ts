import type { Clue, Signal } from '../signal.ts';
import { inName, inParameters } from '../spot.ts';

const PATH =
  /^(?:(?:file|absolute|full|directory|dir|folder|local|project|source|input) )?(?:path|file|filename|filepath|paths|uri)$/;
const URL =
  /^(?:(?:page|website|web|target|site|endpoint|base|image) )?(?:url|urls|uri|endpoint|website|webpage|link)$/;

/** Verbs that hand out what lies at a place. */
const OPENS = new Set([
  'read',
  'cat',
  'fetch',
  'get',
  'download',
  'load',
  'view',
  'scrape',
  'crawl',
  'retrieve',
  'open',
]);
const ANY_FILE = /\b(?:files?|cat|document)\b/;
const ANY_PAGE = /\b(?:url|urls|fetch|webpage|web page|page|website|html|http)\b/;

const signal: Signal = {
  id: 'location',
  title: 'Files and addresses of the caller’s choice',
  why: 'A tool that opens any file or address which the caller names can be led to secrets, to inner networks, or to text that misleads the model.',
  examples: {
    speaks: [
      { name: 'x', inputSchema: { properties: { url: {} } } },
      { name: 'read_file', inputSchema: { properties: { file_path: {} } } },
    ],
    silent: [{ name: 'x', inputSchema: { properties: { id: {} } } }],
  },
  *notice(subject): Iterable<Clue> {
    const opens = subject.acts.some(({ role, lemma }) => role === 'main' && OPENS.has(lemma));
    const url = inParameters(subject, URL);
    if (url) {
      yield {
        says: 'facet:reads-untrusted-content',
        weight: 0.7,
        because: 'it opens an address that the caller names',
        quote: url,
      };
      if (opens && inName(subject, ANY_PAGE))
        yield { says: 'raises', weight: 1, because: 'it opens any address that the caller names', quote: url };
    }
    const path = inParameters(subject, PATH);
    if (path && opens && inName(subject, ANY_FILE))
      yield { says: 'raises', weight: 1, because: 'it opens any file that the caller names', quote: path };
  },
};
export default signal;
