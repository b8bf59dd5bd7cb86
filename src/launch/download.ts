import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fetch as anyFetch, EnvHttpProxyAgent, type Response } from 'undici';
import { TooLarge } from '#core/archive.ts';
import { visibleLine } from '#core/visible.ts';
import type { Unavailable } from './resolver.ts';

/** How an address is asked: with or without a guard against addresses that are not public. */
export type Fetch = (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>;

const agent = new EnvHttpProxyAgent({ connect: { timeout: 10_000 }, headersTimeout: 30_000, bodyTimeout: 30_000 });

/** For addresses of the operator's own choice. */
export const plainFetch: Fetch = (url, init) => anyFetch(url, { ...init, dispatcher: agent });

/**
 * Writes what stands at an address to a file, and answers why that could not be done or did not bring the bytes whose
 * SHA-256, in lower-case hex, is `sha256`. Rejects only with the reason of an aborted `signal`.
 */
export async function download(
  url: string,
  file: string,
  options: {
    readonly fetch: Fetch;
    readonly sha256: string;
    readonly bytes: number;
    /** Milliseconds for all of it. */
    readonly deadline: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Unavailable | undefined> {
  const { bytes, deadline, signal, sha256 } = options;
  const refuse = (reason: string, detail: string, temporary = false): Unavailable => ({
    phase: 'install',
    reason,
    detail: visibleLine(detail).slice(0, 300),
    temporary,
  });
  const hash = createHash('sha256');
  let size = 0;
  async function* counted(body: AsyncIterable<Uint8Array>) {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > bytes) throw new TooLarge(`more than ${bytes} bytes`);
      hash.update(chunk);
      yield chunk;
    }
  }
  const until = AbortSignal.any([AbortSignal.timeout(deadline), ...(signal ? [signal] : [])]);
  try {
    const response = await options.fetch(url, { signal: until });
    if (!response.ok || !response.body) {
      void response.body?.cancel().catch(() => {});
      const gone = response.status === 404 || response.status === 410;
      return refuse(gone ? 'not-found' : 'network', `its host answered ${response.status}`, response.status >= 500);
    }
    await pipeline(Readable.from(counted(response.body)), createWriteStream(file));
  } catch (error) {
    signal?.throwIfAborted();
    const { name, message, cause } = error as Error;
    if (name === 'TooLarge' || name === 'TooLong')
      return refuse('too-large', `its file has more than ${bytes / 1e6} MB`);
    if (name === 'OffLimits') return refuse('off-limits', message);
    return refuse(
      'network',
      `its file could not be fetched: ${(cause as Error | undefined)?.message ?? message}`,
      true,
    );
  }
  const got = hash.digest('hex');
  return got === sha256 ? undefined : refuse('integrity', `expected SHA-256 ${sha256}, its host now sends ${got}`);
}
