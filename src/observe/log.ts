import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, pino } from 'pino';
import { withoutSecrets } from '#core/secrets.ts';

/** What lines that are written during some work tell of it: its run, its stage, its server or source. */
export interface Scope {
  readonly run?: number | undefined;
  readonly stage: string;
  readonly server?: string;
  readonly source?: string;
}

const scope = new AsyncLocalStorage<Scope>();

/** Does work whose every line in the log bears these. */
export function within<T>(about: Scope, work: () => T): T {
  return scope.run(about, work);
}

/** Names under which a value is never written, whatever it looks like. */
const NEVER =
  /^(?:.*(?:password|passwd|secret|credential|authorization|cookie|api_?key|private_?key)|token|env|headers)$/i;
/** How deep a value is written out; what lies deeper is only named. */
const DEEPEST = 6;

/**
 * The log of a process: one JSON object a line. Whatever is handed to it goes through here, message, fields and errors
 * alike: what looks like a credential is taken out, and so is each of `known`, which are this process's own.
 */
export function openLog(
  to: DestinationStream,
  options: { readonly level: string; readonly known: readonly string[] },
): Logger {
  // A longer one may hold a shorter one.
  const known = options.known.filter((one) => one.length >= 4).toSorted((a, b) => b.length - a.length);
  const text = (value: string) => withoutSecrets(known.reduce((rest, one) => rest.replaceAll(one, '[secret]'), value));
  const clean = (value: unknown, name = '', depth = 0): unknown => {
    if (typeof value === 'string') return NEVER.test(name) ? '[secret]' : text(value);
    if (value === null || typeof value !== 'object' || value instanceof Date) return value;
    if (NEVER.test(name)) return '[secret]';
    if (depth >= DEEPEST) return Array.isArray(value) ? '[list]' : '[object]';
    if (value instanceof Error) {
      const { name: type, message, stack, cause } = value;
      const fields = clean({ ...value }, '', depth + 1) as object;
      return {
        ...fields,
        type,
        message: text(message),
        stack: text(stack ?? ''),
        ...(cause !== undefined && { cause: clean(cause, '', depth + 1) }),
      };
    }
    if (Array.isArray(value)) return value.map((one) => clean(one, name, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [text(key), clean(one, key, depth + 1)]));
  };
  return pino(
    {
      level: options.level,
      base: { pid: process.pid },
      mixin: () => clean(scope.getStore() ?? {}) as object,
      formatters: { bindings: (bindings) => clean(bindings) as Record<string, unknown> },
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map((one) => clean(one)) as typeof args);
        },
      },
    },
    to,
  );
}
