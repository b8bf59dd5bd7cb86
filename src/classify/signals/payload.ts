import { quoteKey } from '../quote.ts';
import type { Signal } from '../signal.ts';

const PAYLOAD = new Set([
  'content',
  'body',
  'data',
  'payload',
  'description',
  'title',
  'message',
  'subject',
  'comment',
  'properties',
  'tags',
  'labels',
  'values',
  'updates',
  'attributes',
  'newname',
  'new_name',
  'newtext',
  'caption',
  'recipient',
  'to',
  'cc',
  'bcc',
  'due_date',
  'duedate',
  'priority',
  'assignee',
  'summary',
  'note',
  'notes',
  'status',
  'enabled',
  'metadata',
  'color',
  'new_content',
  'newcontent',
  'parent',
  'value',
]);

const signal: Signal = {
  id: 'payload',
  title: 'Arguments that carry content',
  why: 'Bodies, titles, new values and recipients are arguments of tools that put something somewhere.',
  examples: {
    speaks: [{ name: 'x', inputSchema: { properties: { body: { type: 'string' } } } }],
    silent: [{ name: 'x', inputSchema: { properties: { limit: { type: 'number' } } } }],
  },
  *notice({ parameters }) {
    const found = parameters.filter(({ name, depth }) => depth === 0 && PAYLOAD.has(name.toLowerCase()));
    if (found[0])
      yield {
        says: 'Write',
        weight: Math.min(1, 0.4 + 0.3 * (found.length - 1)),
        because: 'arguments that carry new content',
        quote: quoteKey(found[0].field, found[0].name),
      };
  },
};
export default signal;
