import { LRUCache } from 'lru-cache';
import type { Kept } from './representation.ts';

/** What an entry takes beside its bytes: keys, headers, places in tables. */
const OVERHEAD = 1_500;
/** An entry that is larger than this share of the whole would drive too many others out. */
const SHARE = 16;
/** How often the catalogue is asked whether it moved, in milliseconds. */
const LOOK = 1_000;

/** Answers by path and query, at most `bytes` of them, none older than the catalogue. */
export class Memory {
  readonly #kept: LRUCache<string, Kept>;
  readonly #largest: number;
  readonly #stamp: () => Promise<string>;
  #looked = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #last: string | undefined;
  /** Moves whenever everything was dropped: what was begun before is not to be kept after. */
  epoch = 0;

  constructor(bytes: number, stamp: () => Promise<string>) {
    this.#kept = new LRUCache({ maxSize: bytes, sizeCalculation: sizeOf });
    this.#largest = bytes / SHARE;
    this.#stamp = stamp;
  }

  /** The answer, if it is kept and holds. Looks at the catalogue first where that is a second ago; rejects if it cannot. */
  async recall(key: string): Promise<Kept | undefined> {
    if (performance.now() - this.#looked >= LOOK) await this.#look();
    return this.#kept.get(key);
  }

  /** Keeps an answer that was begun in `epoch`, or counts it anew. */
  keep(key: string, kept: Kept, epoch: number): void {
    if (epoch === this.epoch && sizeOf(kept, key) <= this.#largest) this.#kept.set(key, kept);
  }

  /** Bytes that are kept now. */
  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  #look(): Promise<void> {
    this.#looking ??= this.#stamp()
      .then((stamp) => {
        this.#looked = performance.now();
        if (stamp !== this.#last) this.#drop();
        this.#last = stamp;
      })
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  #drop(): void {
    this.#kept.clear();
    this.epoch++;
  }
}

function sizeOf(kept: Kept, key: string): number {
  let bytes = OVERHEAD + 2 * key.length + kept.body.length;
  for (const encoded of kept.encoded.values()) bytes += encoded.length;
  return bytes;
}
