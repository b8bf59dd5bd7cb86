import { quoteKey } from '../quote.ts';
import type { Clue, Signal } from '../signal.ts';
import { inDescription, inName } from '../spot.ts';

const NAMED = /\b(?:all|bulk|batch|many|multi|multiple|everything|mass)\b/;
const TOLD =
  /\b(?:in bulk|bulk|all (?:of )?(?:the )?(?:its|your|documents|records|data|messages|tasks|files|users|items|orders)|multiple \w+ (?:at once|in one)|up to \d{2,})\b/;

/** Lists of things that are acted on; tags or fields of one thing are none. */
const MANY =
  /(?:ids|Ids|IDs|keys|items|records|rows|entries|files|paths|messages|recipients|users|documents|operations)$/;

const signal: Signal = {
  id: 'bulk',
  title: 'Many at once',
  why: 'One call that acts on many things does the harm of many calls.',
  examples: {
    speaks: [
      { name: 'cancel_all_orders' },
      { name: 'x', description: 'Updates records in bulk.' },
      { name: 'delete_pages', inputSchema: { properties: { page_ids: { type: 'array' } } } },
    ],
    silent: [{ name: 'cancel_order' }],
  },
  *notice(subject): Iterable<Clue> {
    const acts = subject.acts.some(({ role, sense }) => role === 'main' && sense.says !== 'Read');
    const many = acts
      ? subject.parameters.find(({ depth, type, name }) => depth === 0 && type === 'array' && MANY.test(name))
      : undefined;
    if (many)
      yield {
        says: 'facet:bulk',
        weight: 0.5,
        because: 'it takes a list of things',
        quote: quoteKey(many.field, many.name),
      };
    const named = inName(subject, NAMED);
    const found = named ?? inDescription(subject, TOLD);
    if (!found) return;
    yield { says: 'facet:bulk', weight: named ? 0.9 : 0.6, because: 'it acts on many at once', quote: found };
    if (named) yield { says: 'raises', weight: 1, because: 'one call acts on many things', quote: found };
  },
};
export default signal;
