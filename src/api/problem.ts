import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Every problem that the API reports. The `type` is stable; clients may depend on it. */
const PROBLEMS = {
  'bad-parameter': [400, 'A parameter is not valid'],
  'bad-cursor': [400, 'The cursor is not one that this API gave'],
  'bad-body': [400, 'The body is not what this address takes'],
  'bad-path': [400, 'The path is not valid percent-encoding'],
  'no-token': [401, 'This takes a token'],
  'no-scope': [403, 'The token is not good for this'],
  'no-such-scan': [404, 'The token has no such request'],
  'no-such-server': [404, 'No such server'],
  'no-such-version': [404, 'The server has no such version here'],
  'no-such-tool': [404, 'The server has no such tool'],
  'no-such-attack': [404, 'No such attack'],
  'no-such-address': [404, 'Nothing answers at this address'],
  'method-not-allowed': [405, 'The address does not answer this method'],
  'set-back': [409, 'The catalogue was set back'],
  blocked: [409, 'The address is one that is never looked at'],
  'other-definition': [409, 'The tool has another definition'],
  'quota-spent': [429, 'The token has had what it may have'],
  'too-large': [413, 'The request is too large'],
  'too-many': [429, 'More was asked for than one client may have'],
  internal: [500, 'The catalogue failed; it is not the request'],
  'too-slow': [503, 'The answer took too long to make'],
  unavailable: [503, 'The catalogue cannot be read now'],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>;

export type ProblemId = keyof typeof PROBLEMS;

/** An RFC 9457 answer. `detail` says what to do, and repeats nothing that was sent. */
export function problemResponse(id: ProblemId, detail?: string): Response {
  const [status, title] = PROBLEMS[id];
  return Response.json(
    { type: `urn:plimsoll:problem:${id}`, title, status, ...(detail !== undefined && { detail }) },
    { status, headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' } },
  );
}

/** The same as an exception, for a handler to leave by. */
export function problem(id: ProblemId, detail?: string): HTTPException {
  return new HTTPException(PROBLEMS[id][0], { res: problemResponse(id, detail) });
}
