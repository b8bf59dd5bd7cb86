import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { WrongUse } from './errors.ts';

const OURS = join(import.meta.dirname, '../../data/blocked.yaml');

const Entry = z.strictObject({
  address: z.string().regex(/^(purl|repository|registry|remote|slug):\S+$/, 'must be written like purl:pkg:npm/name'),
  reason: z.enum(['malware', 'takedown', 'maintainer']),
  since: z.iso.date(),
  note: z.string().min(1).optional(),
  source: z.url().optional(),
});

/** A server that is never launched and never shown, by one of its addresses, and why. */
export type Blocked = z.infer<typeof Entry>;

/** All blocked addresses: ours and, where a file of the operator's is named, theirs. Throws `WrongUse` for a bad one. */
export function readBlocked(own?: string): ReadonlyMap<string, Blocked> {
  return new Map([OURS, ...(own === undefined ? [] : [own])].flatMap(read).map((entry) => [entry.address, entry]));
}

function read(path: string): readonly Blocked[] {
  let text: unknown;
  try {
    text = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new WrongUse(`${path} cannot be read: ${(error as Error).message}`);
  }
  // An empty list blocks nothing; anything else that is no list must not pass for one.
  const parsed = z.array(Entry).safeParse(text ?? []);
  if (!parsed.success)
    throw new WrongUse(`${path} is not a list of blocked servers:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Why something with these addresses is blocked, in a sentence; undefined where it is not. */
export function whyBlocked(blocked: ReadonlyMap<string, Blocked>, addresses: readonly string[]): string | undefined {
  const entry = addresses.map((address) => blocked.get(address)).find((found) => found !== undefined);
  if (!entry) return undefined;
  const why = {
    malware: 'it is known to do harm',
    takedown: 'it had to be taken down',
    maintainer: 'its maintainer asked for it',
  }[entry.reason];
  const more = [entry.note, entry.source && `See ${entry.source}`].filter(Boolean).join(' ');
  return `Blocked since ${entry.since}: ${why}.${more && ` ${more}`}`;
}
