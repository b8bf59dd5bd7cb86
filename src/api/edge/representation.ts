import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type Encoding, encodingFor, isCompressible } from './encoding.ts';

/** An answer, whole, with what clients may ask for it in: made once, given out many times. */
export interface Kept {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Without quotes; each encoding adds its own ending, since its bytes are others. */
  readonly tag: string;
  readonly encoded: Map<Encoding, Uint8Array<ArrayBuffer>>;
}

/** Smaller ones gain nothing that a packet would not take anyway. */
const SMALLEST = 1_024;
const deflate = promisify(gzip);
const squeeze = promisify(brotliCompress);
/** Half of what the highest would save beyond gzip, at a fiftieth of its time. */
const QUALITY = 5;

/** Takes an answer with its whole body. */
export async function keep(response: Response): Promise<Kept> {
  const body = new Uint8Array(await response.arrayBuffer());
  const headers = Object.fromEntries(response.headers);
  delete headers['content-length'];
  const given = /^"([^"]+)"$/.exec(headers.etag ?? '')?.[1];
  delete headers.etag;
  if (isWorthIt(headers, body)) headers.vary = headers.vary ? `${headers.vary}, Accept-Encoding` : 'Accept-Encoding';
  const tag = given ?? createHash('sha1').update(body).digest('hex');
  return { status: response.status, headers, body, tag, encoded: new Map() };
}

function isWorthIt(headers: Readonly<Record<string, string>>, body: Uint8Array): boolean {
  return body.length >= SMALLEST && isCompressible(headers['content-type'] ?? null) && !('content-encoding' in headers);
}

/**
 * The answer as this client wants it: nothing where it has it (in whatever encoding), else its bytes in the best encoding
 * that it takes, `more` among its headers. `grew` is told when an encoding was made.
 */
export async function represent(
  kept: Kept,
  asked: { readonly encodings: string | undefined; readonly ifNoneMatch: string | undefined },
  more: Readonly<Record<string, string>>,
  grew: () => void,
): Promise<Response> {
  const encoding = isWorthIt(kept.headers, kept.body) ? encodingFor(asked.encodings) : undefined;
  const etag = `"${kept.tag}${encoding === undefined ? '' : `-${encoding}`}"`;
  if (asked.ifNoneMatch !== undefined && names(asked.ifNoneMatch, kept.tag))
    return new Response(null, { status: 304, headers: { ...unmodified(kept.headers), ...more, ETag: etag } });
  if (encoding === undefined)
    return new Response(kept.body, { status: kept.status, headers: { ...kept.headers, ...more, ETag: etag } });
  let bytes = kept.encoded.get(encoding);
  if (!bytes) {
    bytes = await encode(kept.body, encoding);
    kept.encoded.set(encoding, bytes);
    grew();
  }
  const headers = { ...kept.headers, ...more, ETag: etag, 'Content-Encoding': encoding };
  return new Response(bytes, { status: kept.status, headers });
}

/** Compared as RFC 9110 has it for reading: weakly, and an encoding's tag stands for the same content. */
function names(ifNoneMatch: string, tag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  for (const [, one] of ifNoneMatch.slice(0, 4_000).matchAll(/"([^"]*)"/g))
    if (one === tag || one === `${tag}-br` || one === `${tag}-gzip`) return true;
  return false;
}

const TOLD = ['cache-control', 'content-location', 'date', 'expires', 'vary', 'access-control-allow-origin'];

function unmodified(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(TOLD.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

async function encode(body: Uint8Array, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
  if (encoding === 'gzip') return Uint8Array.from(await deflate(body, { level: 6 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  return Uint8Array.from(await squeeze(body, { params }));
}
