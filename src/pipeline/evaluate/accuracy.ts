import type { Evaluation } from './variants.ts';
import { VARIANTS } from './variants.ts';

/** The figures of an evaluation that the method page shows; what they are is said where they are shown. */
export function accuracyOf(evaluations: readonly Evaluation[]) {
  return evaluations.map(({ split, variants, consistency }) => ({
    split,
    ...(consistency && {
      consistency: {
        operations: consistency.operations,
        consistent: consistency.consistent,
        explained: consistency.inconsistencies.filter(({ isExplained }) => isExplained).length,
      },
    }),
    variants: Object.fromEntries(
      VARIANTS.flatMap((variant) => {
        const score = variants[variant];
        if (!score) return [];
        const { misses, confusion: _, ...figures } = score;
        return [[variant, { ...figures, misses: misses.length }]];
      }),
    ),
  }));
}
