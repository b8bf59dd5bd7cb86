import { SQL } from '../phrases.ts';
import { quoteKey } from '../quote.ts';
import type { Signal } from '../signal.ts';

const PAGING = new Set([
  'limit',
  'offset',
  'page',
  'cursor',
  'pagesize',
  'perpage',
  'page_size',
  'per_page',
  'pagetoken',
  'page_token',
  'maxresults',
  'max_results',
  'sort',
  'sortby',
  'sort_by',
  'orderby',
  'order_by',
  'filter',
  'filters',
  'query',
  'q',
  'search',
  'keyword',
  'keywords',
  'top_k',
  'topk',
  'fields',
  'include',
  'expand',
  'count',
  'starting_after',
  'from_date',
  'to_date',
  'start_date',
  'end_date',
  'startdate',
  'enddate',
  'since',
  'interval',
  'num_results',
  'numresults',
  'skip',
  'take',
  'size',
]);

const signal: Signal = {
  id: 'paging',
  title: 'Arguments of a lookup',
  why: 'Limits, cursors, filters and orders are arguments of tools that look things up.',
  examples: {
    speaks: [{ name: 'x', inputSchema: { properties: { limit: { type: 'number' } } } }],
    silent: [{ name: 'x', inputSchema: { properties: { body: { type: 'string' } } } }],
  },
  *notice({ parameters, lower }) {
    const writes = SQL.test(lower);
    const found = parameters.filter(
      ({ name, depth }) => depth === 0 && PAGING.has(name.toLowerCase()) && !(writes && name === 'query'),
    );
    if (found[0])
      yield {
        says: 'Read',
        weight: Math.min(1, 0.4 + 0.3 * (found.length - 1)),
        because: 'arguments of a lookup',
        quote: quoteKey(found[0].field, found[0].name),
      };
  },
};
export default signal;
