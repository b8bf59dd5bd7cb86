import { quoteKey } from '../quote.ts';
import type { Clue, Signal } from '../signal.ts';
import { inDescription, inName } from '../spot.ts';

const OUTSIDE =
  /\b(?:the (?:web|internet)|web ?pages?|websites?|online|search engines?|external (?:api|service|site)s?|public (?:internet|web))\b/;
const NAMED = /\b(?:web|internet|website|webpage|browser|url|google|bing|http)\b/;

const signal: Signal = {
  id: 'open-world',
  title: 'Reaches the open world',
  why: 'A tool that goes out to the web meets what anybody wrote there, and can carry things out.',
  examples: {
    speaks: [{ name: 'web_search' }, { name: 'x', annotations: { openWorldHint: true } }],
    silent: [{ name: 'list_tables' }],
  },
  *notice(subject): Iterable<Clue> {
    const { annotations } = subject;
    const hint = Object.hasOwn(annotations, 'openWorldHint') ? annotations.openWorldHint : undefined;
    if (typeof hint === 'boolean')
      yield {
        says: 'facet:open-world',
        value: hint,
        weight: 0.5,
        because: 'the author declares so',
        quote: quoteKey('/annotations/openWorldHint', 'openWorldHint'),
      };
    const found = inName(subject, NAMED) ?? inDescription(subject, OUTSIDE);
    if (found) yield { says: 'facet:open-world', weight: 0.7, because: 'it goes out to the web', quote: found };
  },
};
export default signal;
