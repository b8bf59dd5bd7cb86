import { z } from 'zod';
import type { Category } from '#domain/verdict.ts';
import { CATEGORIES } from '#domain/verdict.ts';

const names = z.array(z.string().min(1));
const cap = z
  .string()
  .regex(/^[1-9]\d{0,6}\/(minute|hour|day)$/, 'must be written like 10/hour')
  .transform((text) => {
    const [max, window] = text.split('/');
    return { max: Number(max), window: window as 'minute' | 'hour' | 'day' };
  });
const host = z.string().regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i, 'must be the name of a host, or *.example.com');

/** What an operator wants of every policy, on top of a profile. `deny` wins over everything. */
export const Wishes = z.strictObject({
  /** Exact names of tools that need no approval, and that no profile denies. Caps stay. */
  allow: names.optional(),
  /** Exact names of tools that are denied. */
  deny: names.optional(),
  /** Whole categories that vanish from the list of tools. */
  hide: z.array(z.enum(CATEGORIES)).optional(),
  /** Caps by exact name of tool, as `10/hour`. */
  limits: z.record(z.string(), cap).optional(),
  /** Who approves, and how long a question waits. */
  approval: z
    .strictObject({
      by: z.enum(['user', 'operator']).optional(),
      timeout: z
        .string()
        .regex(/^PT(?=\d)(\d+H)?(\d+M)?(\d+S)?$/, 'must be an ISO 8601 duration such as PT5M')
        .optional(),
    })
    .optional(),
  /** Bounds on arguments; each bears only on tools that have such an argument. */
  arguments: z
    .strictObject({
      /** Hosts that addresses may name; nothing else is let through. */
      hosts: z.array(host).min(1).optional(),
      /** Folders below which paths must lie. */
      paths: z.array(z.string().startsWith('/')).min(1).optional(),
      /** Domains that recipients must be of. */
      domains: z.array(host).min(1).optional(),
      /** Branches that nothing may be written to. */
      branches: names.min(1).optional(),
      /** The most that one payment may be, in the server's own units. */
      amount: z.number().positive().optional(),
      /** The most things that one call may touch. */
      batch: z.number().int().positive().optional(),
    })
    .optional(),
});
export type Wishes = z.infer<typeof Wishes> & { readonly hide?: readonly Category[] | undefined };

/** Two sets of wishes as one: lists add up, of single values the second's hold. */
export function withWishes(first: Wishes, second: Wishes): Wishes {
  const both = <T>(one?: readonly T[], other?: readonly T[]) =>
    one || other ? [...new Set([...(one ?? []), ...(other ?? [])])] : undefined;
  return {
    allow: both(first.allow, second.allow),
    deny: both(first.deny, second.deny),
    hide: both(first.hide, second.hide),
    limits: first.limits || second.limits ? { ...first.limits, ...second.limits } : undefined,
    approval: first.approval || second.approval ? { ...first.approval, ...second.approval } : undefined,
    arguments: first.arguments || second.arguments ? { ...first.arguments, ...second.arguments } : undefined,
  };
}
