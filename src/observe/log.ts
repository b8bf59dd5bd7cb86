import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
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
/**
 * The log of a process: one JSON object a line. Every line passes through here whole, message, fields, errors and what a
 * child of it is bound to: what looks like a credential is taken out, and so is each of `known`, which are this
 * process's own.
 */
export function openLog(
  to: DestinationStream,
  options: { readonly level: string; readonly known: readonly string[] },
): Logger {
  // A longer one may hold a shorter one.
  const known = options.known.filter((one) => one.length >= 4).toSorted((a, b) => b.length - a.length);
  const text = (value: string) => withoutSecrets(known.reduce((rest, one) => rest.replaceAll(one, '[secret]'), value));
  const clean = (value: unknown, name = ''): unknown => {
    if (NEVER.test(name) && value !== null && typeof value !== 'number') return '[secret]';
    if (typeof value === 'string') return text(value);
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((one) => clean(one, name));
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [text(key), clean(one, key)]));
  };
  return pino(
    {
      level: options.level,
      base: { pid: process.pid },
      depthLimit: 8,
      mixin: () => scope.getStore() ?? {},
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map(errorsWritten) as typeof args);
        },
      },
    },
    { write: (line) => to.write(`${JSON.stringify(clean(JSON.parse(line)))}\n`) },
  );
}

/** A field that is an error says what it was; JSON alone would write `{}`. */
function errorsWritten(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Error) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, one instanceof Error ? stdSerializers.errWithCause(one) : one]),
  );
}
