import { visibleLine } from '#core/visible.ts';
import type { Heard } from './summary.ts';

/** What classifying one server came to, as its job keeps it. */
export interface Classified {
  readonly assessed: number;
  readonly heard: number;
  readonly postponed: boolean;
  readonly faults: readonly string[];
}

/** What classifying servers came to, added up. */
export interface Sums {
  done: number;
  assessed: number;
  heard: number;
  postponed: number;
  /** What went wrong, and how often. */
  readonly faults: Record<string, number>;
}

export function addUp(classified: readonly Classified[], sums = noSums()): Sums {
  for (const { assessed, heard, postponed, faults } of classified) {
    sums.done++;
    sums.assessed += assessed;
    sums.heard += heard;
    if (postponed) sums.postponed++;
    for (const fault of faults) sums.faults[fault] = (sums.faults[fault] ?? 0) + 1;
  }
  return sums;
}

export function noSums(): Sums {
  return { done: 0, assessed: 0, heard: 0, postponed: 0, faults: Object.create(null) as Record<string, number> };
}

/** The same as a summary tells it. */
export function heardOf(
  model: string,
  { heard, postponed, faults }: Sums,
  spent: Pick<Heard, 'requests' | 'tokens' | 'dollars'>,
): Heard {
  return { model, tools: heard, postponed, ...spent, faults: { ...faults } };
}

/** For whoever runs it, when the judge first fails so. */
export function faultText(fault: string): string {
  return `Judge: ${visibleLine(fault)}. Where it said nothing, the rules' verdicts stand.`;
}
