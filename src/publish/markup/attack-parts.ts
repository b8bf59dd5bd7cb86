import type { Attack } from '#recommend/attacks/attack.ts';
import { type Html, html } from './html.ts';

/** What an attack was, for people: one, and many. */
export const ATTACK_KIND_TITLES: Readonly<Record<Attack['kind'], readonly [one: string, many: string]>> = {
  incident: ['Incident', 'Incidents: it happened to people'],
  proof: ['Proof of concept', 'Proofs of concept: somebody showed it'],
  advisory: ['Advisory', 'Advisories: a flaw was found'],
};

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** A date as precisely as it is known: `2 July 2025`, `September 2025`, `2026`. */
export function dateInWords(date: string): string {
  const [year, month, day] = date.split('-');
  return [day && String(Number(day)), month && MONTHS[Number(month) - 1], year].filter(Boolean).join(' ');
}

/** The same with what machines read. */
export function attackDate(date: string): Html {
  return html`<time datetime="${date}">${dateInWords(date)}</time>`;
}

/** The first instant that a date means, where a whole one is needed. */
export function instantOf(date: string): Date {
  return new Date(`${date.padEnd(10, '-01').slice(0, 10)}T00:00:00Z`);
}
