import { READ_ONLY, SQL } from '../phrases.ts';
import type { Signal } from '../signal.ts';
import { inDescription, inName } from '../spot.ts';

const QUERY = /^(?:(?:sql|raw|db|database) )?(?:query|queries|statement|statements|sql|q)$/;
const signal: Signal = {
  id: 'free-query',
  title: 'A query in a language that also writes',
  why: 'A query argument is harmless in a search engine; where the tool speaks of SQL or Cypher it can change and delete.',
  examples: {
    speaks: [{ name: 'query', description: 'Run a MySQL query', inputSchema: { properties: { query: {} } } }],
    silent: [
      { name: 'query', description: 'Run a read-only SQL query', inputSchema: { properties: { query: {} } } },
      { name: 'search', description: 'Searches the web', inputSchema: { properties: { query: {} } } },
    ],
  },
  *notice(subject) {
    if (READ_ONLY.test(subject.lower)) return;
    const takes = subject.parameters.some(
      ({ depth, words }) => depth === 0 && QUERY.test(words.map(({ text }) => text).join(' ')),
    );
    const named = subject.words.some(({ text }) => text === 'query' || text === 'sql' || text === 'execute');
    const runs = subject.statements[0]?.acts.some(({ role, sense }) => role === 'main' && sense.says === 'Execute');
    const found =
      takes || (named && subject.parameters.length === 0)
        ? (inDescription(subject, SQL) ?? inName(subject, SQL))
        : undefined;
    if (found)
      yield {
        says: 'Execute',
        weight: takes || runs ? 1 : 0.5,
        because: 'the query language can also write',
        quote: found,
      };
  },
};
export default signal;
