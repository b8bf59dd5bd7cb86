import { asStarted } from '#core/started.ts';

/** One thing that was looked at: whether it is well, what was found, since when, and what helps if not. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** Without this a crawl cannot run. */
  readonly needed: boolean;
  /** Somebody has to do something: it will not pass, or has lasted too long. */
  readonly wrong?: true;
  readonly found: string;
  readonly since?: Date;
  readonly advice?: string;
  /** What to type. */
  readonly command?: string;
}

/** A finding that is well. */
export function well(what: string, found: string): Finding {
  return { what, ok: true, needed: false, found };
}

/** One that somebody has to do something about. */
export function wrong(
  what: string,
  found: string,
  help: Pick<Finding, 'since' | 'advice' | 'command'> & { readonly needed?: boolean },
): Finding {
  const { since, advice, command, needed = false } = help;
  return {
    what,
    ok: false,
    needed,
    wrong: true,
    found,
    ...(since && { since }),
    ...(advice !== undefined && { advice }),
    ...(command !== undefined && { command: asStarted(command) }),
  };
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A length of time as a person says it. */
export function lasting(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
