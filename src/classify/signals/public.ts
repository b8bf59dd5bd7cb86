import type { Clue, Signal } from '../signal.ts';
import { inDescription, inName } from '../spot.ts';

const NAMED = /\b(?:tweet|retweet|quote tweet|thread|post|publish|share|upload)\b/;
const PLACES =
  /\b(?:twitter|tweets?|facebook|instagram|linkedin|tiktok|youtube|mastodon|bluesky|threads|medium|wordpress|public(?:ly)?|everyone|the internet|live site|production site)\b/;

const signal: Signal = {
  id: 'public',
  title: 'In public',
  why: 'What is posted where anybody reads it cannot be called back, and speaks in the owner’s name.',
  examples: {
    speaks: [{ name: 'post_tweet' }, { name: 'publish', description: 'Publishes the site publicly.' }],
    silent: [{ name: 'post_message' }],
  },
  *notice(subject): Iterable<Clue> {
    if (!subject.acts.some(({ role, sense }) => role === 'main' && sense.says === 'Write')) return;
    const posts = inName(subject, NAMED);
    const place = posts && (inName(subject, PLACES) ?? inDescription(subject, PLACES));
    if (!place) return;
    yield { says: 'facet:sends-out', weight: 0.9, because: 'what it posts can be read by anybody', quote: place };
    yield { says: 'raises', weight: 1, because: 'it posts in public', quote: place };
  },
};
export default signal;
