/** Bytes that come in pieces, however small, kept in one place that grows by doubling. */
export interface Gathered {
  readonly length: number;
  add(piece: Uint8Array): void;
  /** What is there; good until the next `add`. */
  bytes(): Buffer;
  /** Drops all but the last `keep` bytes. */
  trim(keep: number): void;
}

/** Room of this size is kept for the next line. */
const ROOMY = 64 * 1024;

/** A stranger may write a byte at a time: a list of pieces would cost it nothing and us a hundred bytes for each. */
export function gather(): Gathered {
  let room = Buffer.alloc(0);
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(piece) {
      if (length + piece.length > room.length) {
        const larger = Buffer.allocUnsafe(Math.max(2 * room.length, length + piece.length));
        room.copy(larger, 0, 0, length);
        room = larger;
      }
      room.set(piece, length);
      length += piece.length;
    },
    bytes: () => room.subarray(0, length),
    trim(keep) {
      if (length <= keep) return;
      if (keep > 0 || room.length > ROOMY) room = Buffer.from(room.subarray(length - keep, length));
      length = keep;
    },
  };
}
