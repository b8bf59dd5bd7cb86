import { withoutSecrets } from '#core/secrets.ts';
import { withoutOwn } from './arguments.ts';
import type { Entry } from './entry.ts';
import { expand, type Values, variablesIn } from './expand.ts';

/** Values shorter than this are words that everybody uses. */
const SHORTEST = 4;
const OPAQUE = 12;
const NAMED_SECRET = /key|token|secret|pass|pat$|cred|auth|cookie|bearer|dsn|session|sig/i;

/** What of an entry is its user's own: by the name under which it stands. The names may be told, the values never. */
export function ownValues({ start }: Entry, values: Values): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (name: string, text: string) => {
    const { text: value } = expand(text, values);
    for (const one of new Set([text, value, ...value.split(/\s+/)])) if (isOwn(name, one)) found.set(one, name);
  };
  if (start.kind === 'neither') return found;
  if (start.kind === 'remote') {
    for (const [name, text] of start.headers) add(name, text);
    const { text } = expand(start.url, values);
    for (const part of text.split(/[/?&=#@:]+/))
      if (part.length >= OPAQUE && /\d/.test(part)) found.set(part, 'address');
    return found;
  }
  for (const [name, text] of start.env) add(name, text);
  const clean = withoutOwn(start.args).args;
  for (const [at, arg] of start.args.entries())
    if (clean[at] !== arg) {
      const value = arg.replace(/^--?[\w.-]+=/, '');
      add('secret', value);
      for (const one of value.split(/[\s:=,]+/)) add('secret', one);
    }
  return found;
}

function isOwn(name: string, value: string): boolean {
  if (value.length < SHORTEST || /^(?:true|false|null|none|info|debug|warn|error|bearer|basic)$/i.test(value))
    return false;
  if (/^[a-z][a-z-]*$/.test(value) && value.length < OPAQUE && !NAMED_SECRET.test(name)) return false;
  return NAMED_SECRET.test(name) || withoutSecrets(value) !== value || value.length >= OPAQUE;
}

/** The names of what is given to a server, or sent to it, where its user's own values may be. */
export function ownNames({ start }: Entry): readonly string[] {
  if (start.kind === 'neither') return [];
  const named = start.kind === 'remote' ? start.headers : start.env;
  const texts = start.kind === 'remote' ? [start.url, ...named.values()] : [...start.args, ...named.values()];
  return [...new Set([...named.keys(), ...texts.flatMap(variablesIn)])];
}

/**
 * Takes values out of texts, the longest first, and puts their names there, however a text writes them: as they are or as
 * addresses do.
 */
export function redactor(own: ReadonlyMap<string, string>): (text: string) => string {
  const names = new Map(
    [...own].flatMap(([value, name]) => [
      [value, name] as const,
      [encodeURIComponent(value.toWellFormed()), name] as const,
    ]),
  );
  if (names.size === 0) return (text) => text;
  const longest = [...names.keys()].toSorted((a, b) => b.length - a.length);
  // In one pass, so that no value is looked for in a name that was put in.
  const any = new RegExp(longest.map((value) => value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  return (text) => text.replace(any, (value) => `[${names.get(value)}]`);
}

/** The same for every text within a value, keys included. */
export function redactAll<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((one) => redactAll(one, redact)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const clean = Object.entries(value).map(([key, one]) => [redact(key), redactAll(one, redact)] as const);
  return Object.fromEntries(clean) as T;
}
