import type { Clue, Signal } from '../signal.ts';
import { inName, inParameters } from '../spot.ts';

const SYSTEM =
  /\b(?:system|host|cluster|server|production|shell|terminal|machine|kernel|database|root|infrastructure)\b/;
const ORGANISATION =
  /\b(?:organi[sz]ations?|orgs?|tenant|workspaces?|company|teams?|domain|enterprise|everyone|global)\b/;
const ACCOUNT = /\b(?:accounts?|profile|wallet|user settings|preferences|mailbox|inbox|my)\b/;
const ITEM = /(?:^| )(?:id|uuid|key|slug|name|number)$/;

const signal: Signal = {
  id: 'scope',
  title: 'How far it reaches',
  why: 'A call that touches one record does less harm than one that touches an account, an organisation or a whole system.',
  examples: {
    speaks: [{ name: 'restart_server' }, { name: 'delete_issue', inputSchema: { properties: { issue_id: {} } } }],
    silent: [{ name: 'think' }],
  },
  *notice(subject): Iterable<Clue> {
    for (const [value, pattern] of [
      ['system', SYSTEM],
      ['organisation', ORGANISATION],
      ['account', ACCOUNT],
    ] as const) {
      const found = inName(subject, pattern);
      if (found)
        return yield {
          says: 'facet:scope',
          value,
          weight: 0.7,
          because: `the name says that it concerns a whole ${value}`,
          quote: found,
        };
    }
    const item = inParameters(subject, ITEM);
    if (item)
      yield { says: 'facet:scope', value: 'item', weight: 0.5, because: 'the caller names one thing', quote: item };
  },
};
export default signal;
