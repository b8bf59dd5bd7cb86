import type { Category, Risk } from './verdict.ts';

/** What a token may be good for. */
export const SCOPES = ['scan', 'dispute'] as const;
export type Scope = (typeof SCOPES)[number];

/** Somebody who may write, by a token that is known only to them. */
export interface Bearer {
  readonly id: number;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Scans that it may ask for in a day. */
  readonly scansPerDay: number;
}

/** A token as its keeper sees it; what it is made of is shown once, when it is made. */
export interface TokenFacts extends Bearer {
  readonly createdAt: Date;
  readonly expiresAt?: Date;
  readonly revokedAt?: Date;
}

/** A server that somebody asks to have looked at. */
export interface ScanRequest {
  readonly id: number;
  readonly address: string;
  readonly askedAt: Date;
  /** When a crawl took it up; absent while it waits. */
  readonly takenAt?: Date;
}

/** What somebody holds against a verdict. */
export interface Objection {
  readonly serverId: string;
  readonly tool: string;
  /** The definition that is meant: a dispute is over when it changes. */
  readonly fingerprint: string;
  readonly category?: Category | undefined;
  readonly risk?: Risk | undefined;
  readonly reason: string;
}

export interface Dispute extends Objection {
  readonly id: number;
  readonly askedAt: Date;
}
