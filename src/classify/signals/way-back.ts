import { verbAndThing } from '../family.ts';
import { quoteSibling } from '../quote.ts';
import type { Signal } from '../signal.ts';

/** What takes an act back. Verbs of one row undo one another. */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  create: ['delete', 'remove'],
  add: ['remove', 'delete'],
  delete: ['restore', 'undelete', 'recover'],
  remove: ['add', 'restore'],
  archive: ['unarchive', 'restore'],
  trash: ['untrash', 'restore'],
  enable: ['disable'],
  disable: ['enable'],
  lock: ['unlock'],
  unlock: ['lock'],
  subscribe: ['unsubscribe'],
  follow: ['unfollow'],
  star: ['unstar'],
  pin: ['unpin'],
  assign: ['unassign'],
  link: ['unlink'],
  start: ['stop'],
  stop: ['start'],
  mute: ['unmute'],
  block: ['unblock'],
};

const signal: Signal = {
  id: 'way-back',
  title: 'A sibling that takes it back',
  why: 'Where the same server can undo an act, a mistake can be taken back.',
  examples: {
    speaks: [{ name: 'archive_card', siblings: ['archive_card', 'unarchive_card'] }],
    silent: [{ name: 'delete_card', siblings: ['delete_card', 'create_card'] }],
  },
  *notice({ words, family }) {
    const act = verbAndThing(words.map(({ text }) => text).filter((text, at) => at > 0 || !family.prefixes.has(text)));
    const kin = act && family.acts.get(act.thing);
    for (const verb of (act && Object.hasOwn(PAIRS, act.verb) && PAIRS[act.verb]) || []) {
      const name = kin?.get(verb);
      if (name)
        return yield {
          says: 'facet:reversible',
          value: 'yes',
          weight: 0.6,
          because: 'a sibling takes it back',
          quote: quoteSibling(name),
        };
    }
  },
};
export default signal;
