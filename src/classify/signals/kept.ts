import { doesMoreThanWrite } from '../clues.ts';
import { changedBy } from '../kept.ts';
import { quoteSibling } from '../quote.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'kept',
  title: 'What it makes is kept here',
  why: 'A chart or a document that is made could just be handed back; where a sibling updates or deletes such things, the server keeps them.',
  examples: {
    speaks: [
      { name: 'chart_create', siblings: ['chart_create', 'chart_delete'] },
      { name: 'translate_document', siblings: ['translate_document', 'patch_document'] },
    ],
    silent: [
      { name: 'create_chart', siblings: ['create_chart', 'create_map'] },
      { name: 'get_chart', siblings: ['get_chart', 'delete_chart'] },
    ],
  },
  *notice(subject) {
    const name = doesMoreThanWrite(subject) ? undefined : changedBy(subject);
    if (name)
      yield {
        says: 'Write',
        weight: 0.9,
        because: 'a sibling changes or deletes such things, so they are kept',
        quote: quoteSibling(name),
      };
  },
};
export default signal;
