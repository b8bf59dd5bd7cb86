/** What a host answered before, kept so that it need not send it again. A table may stand behind it. */
export interface Memory {
  recall(url: string): Promise<Remembered | undefined>;
  keep(url: string, remembered: Remembered): Promise<void>;
}

export interface Remembered {
  /** The validator that came with it: an ETag, or the date of the last change from a host that has none. */
  readonly etag: string;
  readonly body: string;
}

/** Asks for a body only if it is another by now; dates end in GMT and stand in no quotes (RFC 9110 §8.8). */
export function conditionOf({ etag }: Remembered): Record<string, string> {
  return /^[A-Z].* GMT$/.test(etag) ? { 'if-modified-since': etag } : { 'if-none-match': etag };
}
