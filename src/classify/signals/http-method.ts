import type { Category } from '#domain/verdict.ts';
import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

const CALLS =
  /\b(GET|POST|PUT|PATCH|DELETE)(?: (?:request|endpoint|call|method)\b|:? \/[\w{:]|:? https?:)|\/[\w{}.-]+\/? (GET|POST|PUT|PATCH|DELETE)\b/;
const SAYS: Readonly<Record<string, Category>> = {
  GET: 'Read',
  POST: 'Write',
  PUT: 'Write',
  PATCH: 'Write',
  DELETE: 'Destructive',
};
/** A lookup is often a POST, since its question is long. */
const ASKS = /search|query|filter|graphql|list|lookup|find|calculat|validat|estimat|simulat|preview|test/;
const REACH = 700;

const signal: Signal = {
  id: 'http-method',
  title: 'Method of the request it makes',
  why: 'A tool that names the request behind it says what that does: GET reads, POST, PUT and PATCH change, DELETE deletes.',
  examples: {
    speaks: [
      { name: 'x', description: 'Makes a request to the /api/v1/chart/ POST endpoint' },
      { name: 'x', description: 'Calls DELETE /v1/items/{id}.' },
    ],
    silent: [
      { name: 'x', description: 'Runs an INSERT, UPDATE or DELETE query.' },
      { name: 'x', description: 'POST /v1/search with a long question.' },
    ],
  },
  *notice({ description }) {
    const match = CALLS.exec(description.slice(0, REACH));
    const method = match?.[1] ?? match?.[2];
    if (!match || !method) return;
    const says = SAYS[method]!;
    if (says === 'Write' && ASKS.test(description.slice(Math.max(0, match.index - 60), match.index + 60).toLowerCase()))
      return;
    const start = match.index + match[0].indexOf(method);
    yield {
      says,
      weight: method === 'POST' ? 0.7 : 0.9,
      because: `the request behind it is a ${method}`,
      quote: quote('/description', description, start, start + method.length),
    };
  },
};
export default signal;
