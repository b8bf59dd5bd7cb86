import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why something was ended before its time. */
export type EndedBy = 'timeout' | 'aborted' | 'too-large';

/** Milliseconds between looks at the size. */
const LOOK = 2_000;
/** Characters of output that are kept: enough for an installer's report. */
const KEPT = 1_000_000;

/**
 * Ends something that runs, by `kill`, once it takes longer than `deadline` milliseconds, is told to stop, or has grown
 * too large. `over` is to be called when it has ended; it answers which of these it was, if any.
 */
export function watchOver(
  kill: () => void,
  options: {
    readonly deadline: number;
    readonly signal?: AbortSignal | undefined;
    readonly isTooLarge: () => Promise<boolean>;
  },
): { over(): Promise<EndedBy | undefined> } {
  const { deadline, signal, isTooLarge } = options;
  let stopped: EndedBy | undefined;
  const stop = (why: EndedBy) => {
    stopped ??= why;
    kill();
  };
  const abort = () => stop('aborted');
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  const timer = setTimeout(() => stop('timeout'), deadline);
  const done = new AbortController();
  const watch = (async () => {
    for (;;) {
      await sleep(LOOK, undefined, { signal: done.signal, ref: false });
      if (await isTooLarge()) return stop('too-large');
    }
  })().catch(() => undefined);
  return {
    async over() {
      clearTimeout(timer);
      done.abort();
      signal?.removeEventListener('abort', abort);
      await watch;
      return stopped;
    },
  };
}

/** Reads a stream as it comes and answers, when asked, the last of it. */
export function lastOf(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-KEPT);
  });
  return () => text;
}
