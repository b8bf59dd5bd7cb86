import { READ_ONLY } from '../phrases.ts';
import { quoteKey } from '../quote.ts';
import type { Signal } from '../signal.ts';

const CODE = new Set([
  'command',
  'cmd',
  'code',
  'script',
  'shell',
  'javascript',
  'js',
  'python',
  'bash',
  'pycode',
  'commands',
  'powershell',
  'program',
  'argv',
  'executable',
  'macro',
]);
const SQL = new Set(['sql', 'cypher', 'soql', 'mutation', 'ddl']);

const signal: Signal = {
  id: 'free-code',
  title: 'Free code as an argument',
  why: 'An argument that takes a command, code or SQL lets the caller decide what happens.',
  examples: {
    speaks: [
      { name: 'x', inputSchema: { properties: { command: { type: 'string' } } } },
      { name: 'x', inputSchema: { properties: { sql_query: { type: 'string' } } } },
    ],
    silent: [
      { name: 'x', inputSchema: { properties: { country_code: { type: 'string' } } } },
      { name: 'x', inputSchema: { properties: { command: { enum: ['on', 'off'] } } } },
    ],
  },
  *notice({ parameters, lower }) {
    for (const { name, field, words, depth, type, choices } of parameters) {
      if (depth > 1 || choices.length > 0 || type === 'boolean' || type === 'integer' || type === 'number') continue;
      const last = words.at(-1)?.text ?? '';
      const alone = words.length === 1;
      const sql = words.some(({ text }) => SQL.has(text));
      if (sql ? READ_ONLY.test(lower) : !(CODE.has(last) && (alone || last === 'command' || last === 'script')))
        continue;
      if (!sql)
        yield {
          says: 'facet:runs-code',
          weight: 0.8,
          because: 'the caller writes what is run',
          quote: quoteKey(field, name),
        };
      yield {
        says: 'Execute',
        weight: sql ? 0.8 : 1,
        because: sql ? 'the caller writes the statement that is run' : 'the caller writes what is run',
        quote: quoteKey(field, name),
      };
    }
  },
};
export default signal;
