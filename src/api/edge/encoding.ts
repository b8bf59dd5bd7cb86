import { parseAccept } from 'hono/utils/accept';

export const ENCODINGS = ['br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Clients say one of few things here; what is rarer is read anew. */
const read = new Map<string, Encoding | undefined>();
const MOST = 500;

/** The best encoding that a client takes, by its Accept-Encoding; undefined for the bytes as they are. */
export function encodingFor(header: string | undefined): Encoding | undefined {
  if (header === undefined) return undefined;
  if (read.has(header)) return read.get(header);
  // Of what it takes we choose: brotli makes fewer bytes, and they are made once.
  const best = ENCODINGS.find((encoding) => takes(header, encoding));
  if (read.size < MOST) read.set(header, best);
  return best;
}

/** Whether a client takes this encoding. */
export function takes(header: string | undefined, encoding: Encoding): boolean {
  const accepted = new Map(parseAccept((header ?? '').slice(0, 500).toLowerCase()).map(({ type, q }) => [type, q]));
  return (accepted.get(encoding) ?? accepted.get('*') ?? 0) > 0;
}

/** What is worth compressing; pictures and archives are compressed already. */
export function isCompressible(mediaType: string | null): boolean {
  return (
    mediaType !== null &&
    /^(?:text\/|image\/svg|application\/(?:[\w.+-]*json|[\w.+-]*xml|x-ndjson|yaml|toml|x-yaml|javascript))/i.test(
      mediaType,
    )
  );
}
