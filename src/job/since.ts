import { WrongUse } from '#core/errors.ts';

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A moment, as `24h`, `7d`, `30m` before now or as an ISO date. Throws `WrongUse` for anything else. */
export function since(text: string): Date {
  const span = /^(\d{1,6})([mhd])$/.exec(text);
  if (span) return new Date(Date.now() - Number(span[1]) * UNITS[span[2]!]!);
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(date.getTime()) || date.getTime() > Date.now())
    throw new WrongUse(`--since takes a span (30m, 24h, 7d) or a past ISO date (2026-11-20), not '${text}'.`);
  return date;
}
