import type { Outcome } from '#domain/launch.ts';

/** What one real visit cost, in milliseconds. `cpu` is processor time of what was started, `own` of the crawler itself. */
export interface Measured {
  readonly purl: string;
  /** 0 for the visit that had to install. */
  readonly turn: number;
  /** Until the registry had told the newest version. */
  readonly asked: number;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** How often it was started. */
  readonly attempts: number;
  readonly tools: number;
  readonly ms: number;
  readonly cpu: number;
  readonly own: number;
  /** Of the first turn: the install alone; `fetched` are bytes downloaded, `bytes` those of the tree. */
  readonly install?: {
    readonly ms: number;
    readonly cpu: number;
    readonly own: number;
    readonly fetched: number;
    readonly bytes: number;
  };
}

/** The measured mix, and how it was measured. */
export interface Calibration {
  readonly how: string;
  readonly at: string;
  readonly machine: string;
  /** What else the machine did at that time. */
  readonly load: string;
  readonly launches: number;
  readonly visits: readonly Measured[];
}
