import type { Bench } from '../run.ts';

/** Reports one figure, beside a baseline that was measured in the same run where there is one. */
export type Say = (figure: string, value: number, unit: string, baseline?: number) => void;

/** How a benchmark reports: to three decimals, with the ratio to the baseline. */
export function saying(bench: string, report: Parameters<Bench>[0]): Say {
  return (figure, value, unit, baseline) =>
    report({
      ...{ bench, figure, value: rounded(value), unit },
      ...(baseline !== undefined && { baseline: rounded(baseline), ratio: rounded(value / baseline) }),
    });
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
