import type { Clue, Signal } from '../signal.ts';
import { inName } from '../spot.ts';

const WRITTEN =
  /\b(?:web|webpage|website|html|urls?|crawl|scrape|search results|news|issues?|comments?|emails?|messages?|tweets?|posts?|reviews?|inbox|feeds?|rss|threads?|discussions?|transcripts?|pull requests?|tickets?|attachments?)\b/;

const signal: Signal = {
  id: 'untrusted',
  title: 'Reads what strangers wrote',
  why: 'Pages, issues, mails and comments can carry text that is meant to mislead the model which reads them.',
  examples: {
    speaks: [{ name: 'list_issues' }, { name: 'scrape_page' }],
    silent: [{ name: 'create_issue' }, { name: 'get_weather' }],
  },
  *notice(subject): Iterable<Clue> {
    if (!subject.acts.some(({ role, sense }) => role === 'main' && sense.says === 'Read')) return;
    const found = inName(subject, WRITTEN);
    if (found)
      yield {
        says: 'facet:reads-untrusted-content',
        weight: 0.8,
        because: 'it hands out text that others wrote',
        quote: found,
      };
  },
};
export default signal;
