import { quote, quoteKey } from '../quote.ts';
import type { Clue, Signal } from '../signal.ts';

const SAME = new Set([
  'set',
  'update',
  'put',
  'upsert',
  'delete',
  'remove',
  'enable',
  'disable',
  'rename',
  'archive',
  'mark',
  'assign',
]);
const AGAIN = new Set([
  'create',
  'send',
  'post',
  'append',
  'add',
  'increment',
  'pay',
  'transfer',
  'charge',
  'buy',
  'sell',
  'run',
  'trigger',
  'generate',
  'reply',
  'log',
]);

const signal: Signal = {
  id: 'repeatable',
  title: 'Does it again, or the same once more',
  why: 'Setting a value twice leaves the same; creating, sending or paying twice does it twice, which matters when a call is retried.',
  examples: {
    speaks: [{ name: 'send_email' }, { name: 'x', annotations: { idempotentHint: true } }],
    silent: [{ name: 'weather' }],
  },
  *notice({ tool, acts, annotations }): Iterable<Clue> {
    const hint = Object.hasOwn(annotations, 'idempotentHint') ? annotations.idempotentHint : undefined;
    if (typeof hint === 'boolean')
      yield {
        says: 'facet:idempotent',
        value: hint ? 'yes' : 'no',
        weight: 0.4,
        because: 'the author declares so',
        quote: quoteKey('/annotations/idempotentHint', 'idempotentHint'),
      };
    for (const { role, lemma, word } of acts) {
      if (role !== 'main' || (!SAME.has(lemma) && !AGAIN.has(lemma))) continue;
      yield {
        says: 'facet:idempotent',
        value: SAME.has(lemma) ? 'yes' : 'no',
        weight: 0.5,
        because: SAME.has(lemma) ? 'the second call leaves what the first left' : 'each call does it once more',
        quote: quote('/name', tool.name, word.start, word.end),
      };
    }
  },
};
export default signal;
