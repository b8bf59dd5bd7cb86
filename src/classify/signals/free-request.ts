import { quoteKey } from '../quote.ts';
import type { Signal } from '../signal.ts';

const ADDRESS = /^(?:url|uri|endpoint|path|api path|request url|api endpoint|relative url)$/;
const SHAPE = /^(?:headers|http method|method|request body|verb)$/;

const signal: Signal = {
  id: 'free-request',
  title: 'Any request the caller writes',
  why: 'An address together with headers or a method lets the caller make any request, whatever it changes at the other end.',
  examples: {
    speaks: [{ name: 'x', inputSchema: { properties: { url: {}, method: {} } } }],
    silent: [{ name: 'x', inputSchema: { properties: { url: {} } } }],
  },
  *notice({ parameters }) {
    const own = parameters
      .filter(({ depth }) => depth === 0)
      .map((parameter) => ({ parameter, said: parameter.words.map(({ text }) => text).join(' ') }));
    if (!own.some(({ said }) => ADDRESS.test(said))) return;
    const shape = own.find(({ said }) => SHAPE.test(said))?.parameter;
    if (!shape) return;
    yield {
      says: 'facet:sends-out',
      weight: 0.7,
      because: 'the caller writes where the request goes',
      quote: quoteKey(shape.field, shape.name),
    };
    yield {
      says: 'Execute',
      weight: 0.8,
      because: 'the caller writes the request that is sent',
      quote: quoteKey(shape.field, shape.name),
    };
  },
};
export default signal;
