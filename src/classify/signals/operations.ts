import { CATEGORIES, type Category } from '#domain/verdict.ts';
import { actsOfName } from '../name-acts.ts';
import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';
import { nameWords } from '../words.ts';

const CHOOSES = new Set([
  'action',
  'operation',
  'method',
  'mode',
  'command',
  'op',
  'subcommand',
  'verb',
  'task',
  'actions',
  'operations',
  'act',
]);
const NO_PREFIXES: ReadonlySet<string> = new Set();

const signal: Signal = {
  id: 'operations',
  title: 'Closed list of operations',
  why: 'A tool that chooses among operations by an argument has the strongest of them.',
  examples: {
    speaks: [
      { name: 'x', inputSchema: { properties: { action: { enum: ['list', 'delete'] } } } },
      { name: 'x', inputSchema: { properties: { operation: { oneOf: [{ const: 'create' }, { const: 'get' }] } } } },
    ],
    silent: [{ name: 'x', inputSchema: { properties: { colour: { enum: ['delete'] } } } }],
  },
  *notice({ parameters }) {
    for (const { words, depth, choices } of parameters) {
      const last = words.at(-1)?.text ?? '';
      if (depth > 1 || choices.length < 2 || !CHOOSES.has(last)) continue;
      const strongest = new Map<Category, { field: string; text: string; weight: number }>();
      for (const { text, field } of choices)
        for (const act of actsOfName(nameWords(text), NO_PREFIXES))
          if (act.role !== 'aside' && act.sense.weight > (strongest.get(act.sense.says)?.weight ?? 0))
            strongest.set(act.sense.says, { field, text, weight: act.sense.weight });
      const says = CATEGORIES.findLast((category) => strongest.has(category));
      const found = says && strongest.get(says);
      if (found)
        yield {
          says,
          weight: found.weight,
          because: 'the strongest operation that the argument offers',
          quote: quote(found.field, found.text),
        };
    }
  },
};
export default signal;
