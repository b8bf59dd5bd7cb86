/** Jobs of one stage as they lie in the queue, whoever put them there. */
export interface QueueDepth {
  readonly stage: string;
  /** To be taken up now, after a wait, being worked on, and dead letters. */
  readonly ready: number;
  readonly delayed: number;
  readonly active: number;
  readonly dead: number;
  /** Since when the oldest that is ready is that. */
  readonly oldest?: Date;
}

/** A stage on which a night waits though nobody works on it, and since when. */
export interface Stalled {
  readonly stage: string;
  readonly since: Date;
}
