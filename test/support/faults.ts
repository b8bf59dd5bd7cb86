import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a server does in place of answering well. */
export interface Fault {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  /** Cuts the usual answer to this many bytes, and says nothing of it. */
  readonly truncate?: number;
  /** Milliseconds before the first byte. */
  readonly delay?: number;
  /** Sends one byte of the answer each so many milliseconds. */
  readonly drip?: number;
  readonly reset?: boolean;
  /** Breaks the connection after what is sent. */
  readonly drop?: boolean;
}

/** How long to wait for an attempt: little only where being slow is the fault, since a machine may be busy. */
export function patienceFor({ drip, delay }: Fault): { readonly total?: number } {
  return drip === undefined && delay === undefined ? {} : { total: 400 };
}

/** Answers with `usual`, or as the fault has it. */
export async function send(
  response: ServerResponse,
  usual: string | Buffer,
  fault: Fault | undefined,
  headers: { readonly [name: string]: string },
): Promise<void> {
  if (fault?.reset) return void response.socket?.destroy();
  if (fault?.delay !== undefined) await sleep(fault.delay);
  const body = Buffer.from(fault?.body ?? usual).subarray(0, fault?.truncate);
  response.writeHead(fault?.status ?? 200, { ...headers, ...fault?.headers });
  if (fault?.drip !== undefined)
    for (let i = 0; i < body.length && !response.destroyed; i++) {
      response.write(body.subarray(i, i + 1));
      await sleep(fault.drip);
    }
  if (fault?.drop) return void response.write(body, () => response.socket?.destroy());
  response.end(fault?.drip === undefined ? body : undefined);
}

/** Faults that a source sits out when they come once. */
export const PASSING: readonly (readonly [string, Fault])[] = [
  ['429 without Retry-After', { status: 429, body: '' }],
  ['429 with Retry-After', { status: 429, body: '', headers: { 'retry-after': '1' } }],
  ['403 of a secondary limit', { status: 403, body: '', headers: { 'retry-after': '0' } }],
  ['500', { status: 500, body: 'oops' }],
  ['503', { status: 503, body: '' }],
  ['a broken connection', { reset: true }],
  ['a slow body', { drip: 50 }],
  ['a late answer', { delay: 1_000 }],
];

/** Faults that stay, and what a source says of them. */
export const STAYING: readonly (readonly [string, Fault, string])[] = [
  ['429', { status: 429, body: '' }, 'answered 429, also after 3 more tries'],
  ['a long pause', { status: 429, body: '', headers: { 'retry-after': '900' } }, 'left alone for 900 s'],
  ['403', { status: 403, body: '' }, 'answered 403 to /'],
  ['5xx', { status: 502, body: '' }, 'answered 502'],
  ['404', { status: 404, body: '{}' }, 'answered 404 to /'],
  ['a slow body', { drip: 50 }, 'was too slow'],
  ['a broken connection', { reset: true }, 'broke the connection'],
];

/** The same for sources that are sent JSON. */
export const JSON_PASSING: typeof PASSING = [...PASSING, ['truncated JSON', { truncate: 20 }]];
export const JSON_STAYING: typeof STAYING = [
  ...STAYING,
  ['truncated JSON', { truncate: 20 }, 'JSON that breaks off'],
  ['HTML', { body: '\n<html><body>Maintenance</body></html>' }, 'a page instead of JSON'],
  ['another shape', { body: '{"results":[]}' }, 'without a list'],
  ['no object', { body: 'null' }, 'without a list'],
];
