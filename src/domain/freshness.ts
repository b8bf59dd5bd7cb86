/**
 * Why a night looks at a server, in the order in which it does: somebody asked for it; a listing of it is new or changed
 * since it was last looked at; it was never looked at; it listed and its week is over; it failed and its wait is over;
 * nothing is due, and only its newest version is asked for. `gone` is left alone.
 */
export const REASONS = ['requested', 'changed', 'new', 'weekly', 'retry', 'unchanged', 'gone'] as const;
export type Reason = (typeof REASONS)[number];

/** After so many visits in a row that found nothing there, three weeks or so, a server is gone. */
export const GONE_AFTER = 4;
