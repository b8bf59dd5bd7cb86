import { z } from 'zod';

const LONGEST = 4_000;

/** A text field of a record: trimmed, cut where it is absurdly long; undefined when it is empty or no text. */
export function textOf(value: unknown, longest = LONGEST): string | undefined {
  if (typeof value !== 'string') return undefined;
  // Cut before trimming: trimming megabytes of blanks is work that a stranger should not be able to ask for.
  const text = value.slice(0, longest + 1).trim();
  if (text === '') return undefined;
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text;
}

/** An address of the web; undefined for what is none, such as `javascript:`. */
export function webAddress(value: unknown): string | undefined {
  const text = textOf(value, 2_000);
  if (text === undefined || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  return text;
}

/** Fields of records: a text and an address of the web as above, a list, a map; anything else counts as not there. */
export const Text = z
  .unknown()
  .optional()
  .transform((value) => textOf(value));
export const Web = z.unknown().optional().transform(webAddress);
export const List = z.array(z.unknown()).catch([]);
export const Fields = z.record(z.string(), z.unknown()).catch({});
