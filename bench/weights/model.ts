import type { Weights } from '#classify/decide.ts';
import { CATEGORIES, type Category } from '#domain/verdict.ts';
import type { Row } from './rows.ts';

/** Pull towards the prior, per squared unit of weight. */
const PULL = 0.6;
const STEPS = 400;
const WIDTH = CATEGORIES.length;

/** Every signal means what it says. */
function prior(features: readonly string[]): Float64Array {
  const weights = new Float64Array((features.length + 1) * WIDTH);
  for (const [at, feature] of features.entries())
    weights[at * WIDTH + CATEGORIES.indexOf(feature.split(' ')[1] as Category)] = 1;
  return weights;
}

/** Adds what the rows want changed to `slope`: cross-entropy against the answers that are accepted. */
function addRows(slope: Float64Array, weights: Float64Array, rows: readonly Row[], base: number): void {
  for (const { inputs, worth, importance } of rows) {
    const scores = CATEGORIES.map((_, category) => weights[base + category]!);
    for (const [feature, strength] of inputs)
      for (let category = 0; category < WIDTH; category++)
        scores[category]! += strength * weights[feature * WIDTH + category]!;
    const top = Math.max(...scores);
    const shares = scores.map((score) => Math.exp(score - top));
    const sum = shares.reduce((a, b) => a + b);
    const gains = shares.map((share, category) => (share / sum) * worth[CATEGORIES[category]!]);
    const gain = gains.reduce((a, b) => a + b);
    for (let category = 0; category < WIDTH; category++) {
      const error = importance * (shares[category]! / sum - gains[category]! / gain);
      for (const [feature, strength] of inputs) slope[feature * WIDTH + category]! += strength * error;
      slope[base + category]! += error;
    }
  }
}

function readable(weights: Float64Array, features: readonly string[]): Weights {
  const at = (feature: number) =>
    Object.fromEntries(
      CATEGORIES.map((category, c) => [category, Math.round(weights[feature * WIDTH + c]! * 100) / 100]),
    ) as Record<Category, number>;
  return {
    base: at(features.length),
    signals: Object.fromEntries(features.map((name, feature) => [name, at(feature)])),
  };
}

/**
 * Multinomial logistic regression over what the signals said (Adam, fixed steps, no chance in it), with a pull towards
 * "every signal means what it says", and never a weight for a category that the signal does not name.
 */
export function fitWeights(rows: readonly Row[], features: readonly string[]): Weights {
  const start = prior(features);
  const base = features.length * WIDTH;
  const weights = start.slice();
  const mean = new Float64Array(weights.length);
  const square = new Float64Array(weights.length);
  for (let step = 1; step <= STEPS; step++) {
    const slope = new Float64Array(weights.length);
    for (let at = 0; at < base; at++) slope[at] = PULL * (weights[at]! - start[at]!);
    addRows(slope, weights, rows, base);
    const pace = 0.1 * (1 - step / (STEPS + 1));
    for (let at = 0; at < weights.length; at++) {
      mean[at] = 0.9 * mean[at]! + 0.1 * slope[at]!;
      square[at] = 0.99 * square[at]! + 0.01 * slope[at]! ** 2;
      weights[at]! -= (pace * (mean[at]! / (1 - 0.9 ** step))) / (Math.sqrt(square[at]! / (1 - 0.99 ** step)) + 1e-8);
      if (at < base && (start[at] === 0) === weights[at]! > 0) weights[at] = 0;
    }
  }
  return readable(weights, features);
}
