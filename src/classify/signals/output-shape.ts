import type { Category } from '#domain/verdict.ts';
import { quoteKey } from '../quote.ts';
import { parametersOf } from '../schema.ts';
import type { Signal } from '../signal.ts';

/** What a result tells of the call that made it. */
const TELLS: readonly (readonly [Category, RegExp, number])[] = [
  [
    'Financial',
    /^(?:tx ?(?:hash|id)|transaction (?:hash|id|signature)|payment (?:id|url|link|status)|charge id|refund id|order status)$/,
    0.7,
  ],
  [
    'Destructive',
    /^(?:(?:is )?(?:deleted|removed|purged|destroyed|dropped|revoked)(?: (?:count|ids?|at))?|rows deleted)$/,
    0.9,
  ],
  ['Execute', /^(?:exit code|stdout|stderr|return code|job id|run id|execution id|task id)$/, 0.7],
  [
    'Write',
    /^(?:created|updated|saved|written|inserted|upserted|modified|sent|uploaded|published|message id|affected rows|rows affected|bytes written|modified count|inserted ids?)$/,
    0.8,
  ],
  [
    'Read',
    /^(?:results?|items|total|total (?:count|results|items)|matches|hits|has more|next (?:cursor|page|page token)|rows|entries|records|list)$/,
    0.6,
  ],
];

const signal: Signal = {
  id: 'output-shape',
  title: 'Shape of what comes back',
  why: 'A result that lists what was deleted, created or paid, or that holds an exit code, tells what the call did; pages of results tell of a lookup.',
  examples: {
    speaks: [
      { name: 'x', outputSchema: { properties: { deleted: { type: 'boolean' } } } },
      { name: 'x', outputSchema: { properties: { results: { type: 'array' }, nextCursor: {} } } },
    ],
    silent: [{ name: 'x', outputSchema: { properties: { temperature: { type: 'number' } } } }, { name: 'x' }],
  },
  *notice({ tool }) {
    const returned = parametersOf(tool.outputSchema, '/outputSchema').filter(({ depth }) => depth === 0);
    for (const [says, pattern, weight] of TELLS) {
      const found = returned.find(({ words }) => pattern.test(words.map(({ text }) => text).join(' ')));
      if (found)
        return yield {
          says,
          weight,
          because: 'what comes back tells of it',
          quote: quoteKey(found.field, found.name),
        };
    }
  },
};
export default signal;
