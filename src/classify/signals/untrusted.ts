import type { Clue, Signal } from '../signal.ts';
import { inDescription, inName } from '../spot.ts';

const WRITTEN =
  /\b(?:web|webpage|website|html|urls?|crawl|scrape|search results|news|issues?|comments?|emails?|messages?|tweets?|posts?|reviews?|inbox|feeds?|rss|threads?|discussions?|transcripts?|pull requests?|tickets?|attachments?)\b/;

/** The same in a description, where such words are more often asides. */
const TOLD =
  /\b(?:web ?pages?|websites?|search results|web search|search(?:es)? the web|(?:github|jira|linear|gitlab) issues?|issue comments?|(?:incoming|received|unread) (?:e?mails?|messages?)|e?mails? (?:from|in)|tweets?|reddit (?:posts?|threads?)|news articles?|customer reviews?|rss feeds?|support tickets?|channel messages)\b/;

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
    const named = inName(subject, WRITTEN);
    const found = named ?? inDescription(subject, TOLD);
    if (found)
      yield {
        says: 'facet:reads-untrusted-content',
        weight: named ? 0.8 : 0.5,
        because: 'it hands out text that others wrote',
        quote: found,
      };
  },
};
export default signal;
