import type { Bearer, Objection, ScanRequest } from '#domain/request.ts';

/** Where those who hold a token may write: a database in service, a literal in tests. */
export interface Desk {
  /** Whose token it is; undefined for one that is not, or no longer, good. */
  bearer(token: string): Promise<Bearer | undefined>;
  /** Keeps a wish to have an address looked at by the next crawl; where the day's scans are spent, says until when. */
  requestScan(
    bearer: Bearer,
    address: string,
  ): Promise<{ readonly id: number } | { readonly retryAt: Date | undefined }>;
  /** A bearer's own request. */
  scan(bearer: Bearer, id: number): Promise<ScanRequest | undefined>;
  /** Keeps what somebody holds against a verdict, for a person to read; undefined where too much of theirs is unread. */
  dispute(bearer: Bearer, objection: Objection): Promise<number | undefined>;
  /** Whether an address is one that is never looked at. */
  isBlocked(address: string): boolean;
}
