/** Files by name, kept for all machines that share them. It is not trusted: who reads knows what a file must hash to. */
export interface Objects {
  /** Where that is, for people. */
  readonly place: string;
  /** The bytes of an object; undefined where there is none. Rejects where that cannot be known. */
  read(name: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Stores a file of this machine whole or not at all. `sha256` is that of its content, in hex. */
  write(name: string, file: { readonly path: string; readonly sha256: string }, signal: AbortSignal): Promise<void>;
}
