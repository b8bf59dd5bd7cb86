import type { Finding } from '#pipeline/scan/findings.ts';
import type { Drift } from '#pipeline/scan/lock.ts';
import type { Scan } from '#pipeline/scan/scanned.ts';

/** Everything that a report of a scan tells. */
export interface Report {
  readonly scan: Scan;
  readonly findings: readonly Finding[];
  readonly drifts: readonly Drift[];
}

/** Severities, the gravest first. */
export const SEVERITIES = [
  'unknown',
  'critical',
  'high',
  'medium',
  'low',
] as const satisfies readonly Finding['severity'][];

/** How many findings there are of each severity, in words: `2 unknown, 1 critical`. */
export function countsInWords(findings: readonly Finding[]): string {
  const counts = SEVERITIES.map((severity) => {
    const number = findings.filter((one) => one.severity === severity).length;
    return number > 0 ? `${number} ${severity}` : '';
  });
  return counts.filter(Boolean).join(', ') || 'none';
}
