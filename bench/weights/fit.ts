/**
 * Fits src/classify/weights.json: multinomial logistic regression over what the signals said, with a pull towards
 * "every signal means what it says" and no weight for a category that a signal does not name. Usage: node bench/weights/fit.ts [--write] FOLDER…; the folders hold labels
 * (*labels.jsonl: server, tool, category, also) and definitions (servers.jsonl or servers.jsonl.gz).
 * Prints agreement in-sample and with whole servers held out from the fit. Deterministic.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { noticeAll } from '#classify/assess.ts';
import { likelihoods, pick, strengths, type Weights } from '#classify/decide.ts';
import type { Signal } from '#classify/signal.ts';
import { sha256 } from '#core/hash.ts';
import { plugins } from '#core/plugins.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { CATEGORIES, type Category, type Evidence } from '#domain/verdict.ts';

interface Label {
  readonly server: string;
  readonly tool: string;
  readonly category: Category;
  readonly also: readonly Category[];
}

interface Row extends Label {
  readonly evidence: readonly Evidence[];
  readonly inputs: readonly (readonly [feature: number, strength: number])[];
  /** What each category is worth as an answer. */
  readonly worth: Readonly<Record<Category, number>>;
  readonly importance: number;
}

const FOLDS = 5;
/** Pull towards the prior, per squared unit of weight. */
const PULL = 0.6;
const STEPS = 400;
/** An accepted second reading is worth this much of the first. */
const ALSO = 0.5;
/** A false-safe costs more than any other error, so rows that are not Read count more. */
const NOT_READ = 1.5;

function lines<T>(path: string): readonly T[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}

function prior(features: readonly string[]): Float64Array {
  const weights = new Float64Array((features.length + 1) * CATEGORIES.length);
  for (const [at, feature] of features.entries())
    weights[at * CATEGORIES.length + CATEGORIES.indexOf(feature.split(' ')[1] as Category)] = 1;
  return weights;
}

function fitted(rows: readonly Row[], features: readonly string[]): Float64Array {
  const width = CATEGORIES.length;
  const start = prior(features);
  const weights = start.slice();
  const mean = new Float64Array(weights.length);
  const square = new Float64Array(weights.length);
  for (let step = 1; step <= STEPS; step++) {
    const slope = new Float64Array(weights.length);
    for (let at = 0; at < weights.length - width; at++) slope[at] = PULL * (weights[at]! - start[at]!);
    for (const { inputs, worth, importance } of rows) {
      const scores = CATEGORIES.map((_, category) => weights[features.length * width + category]!);
      for (const [feature, strength] of inputs)
        for (let category = 0; category < width; category++)
          scores[category]! += strength * weights[feature * width + category]!;
      const top = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - top));
      const sum = shares.reduce((a, b) => a + b);
      const gains = shares.map((share, category) => (share / sum) * worth[CATEGORIES[category]!]);
      const gain = gains.reduce((a, b) => a + b);
      for (let category = 0; category < width; category++) {
        const error = importance * (shares[category]! / sum - gains[category]! / gain);
        for (const [feature, strength] of inputs) slope[feature * width + category]! += strength * error;
        slope[features.length * width + category]! += error;
      }
    }
    // A signal never speaks for a category other than the one it names.
    const pace = 0.1 * (1 - step / (STEPS + 1));
    for (let at = 0; at < weights.length; at++) {
      mean[at] = 0.9 * mean[at]! + 0.1 * slope[at]!;
      square[at] = 0.99 * square[at]! + 0.01 * slope[at]! ** 2;
      weights[at]! -= (pace * (mean[at]! / (1 - 0.9 ** step))) / (Math.sqrt(square[at]! / (1 - 0.99 ** step)) + 1e-8);
      if (at < weights.length - width && (start[at] === 0) === weights[at]! > 0) weights[at] = 0;
    }
  }
  return weights;
}

function readable(weights: Float64Array, features: readonly string[]): Weights {
  const width = CATEGORIES.length;
  const at = (feature: number) =>
    Object.fromEntries(
      CATEGORIES.map((category, c) => [category, Math.round(weights[feature * width + c]! * 100) / 100]),
    ) as Record<Category, number>;
  return {
    base: at(features.length),
    signals: Object.fromEntries(features.map((name, feature) => [name, at(feature)])),
  };
}

function agreement(rows: readonly Row[], by: Weights) {
  let right = 0;
  let safe = 0;
  let acting = 0;
  let plain = 0;
  let alarm = 0;
  for (const { evidence, category, also } of rows) {
    const said = pick(likelihoods(evidence, by));
    const accepted = [category, ...also];
    if (accepted.includes(said)) right++;
    if (category === 'Read' && also.length === 0) {
      plain++;
      if (said !== 'Read') alarm++;
    }
    if (accepted.includes('Read')) continue;
    acting++;
    if (said === 'Read') safe++;
  }
  return { rows: rows.length, right, acting, safe, plain, alarm };
}

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const paths = positionals.flatMap((folder) =>
  globSync('*.{jsonl,jsonl.gz}', { cwd: folder })
    .sort()
    .map((file) => join(folder, file)),
);
const signals = await plugins<Signal>(join(import.meta.dirname, '..', '..', 'src', 'classify', 'signals'));
const servers = new Map(
  paths
    .filter((path) => /servers\.jsonl/.test(path))
    .flatMap((path) => lines<{ server: string; tools: ToolDefinition[] }>(path))
    .map((one) => [one.server, one.tools] as const),
);
const names = new Map([...servers].map(([server, tools]) => [server, tools.map(({ name }) => name)] as const));
const features: string[] = [];
const numbers = new Map<string, number>();
const rows: Row[] = [];
for (const label of paths.filter((path) => /labels\.jsonl/.test(path)).flatMap((path) => lines<Label>(path))) {
  const tool = servers.get(label.server)?.find(({ name }) => name === label.tool);
  if (!tool) continue;
  const evidence = noticeAll(signals, tool, names.get(label.server)!);
  const inputs = [...strengths(evidence)].map(([feature, strength]) => {
    const number = numbers.get(feature) ?? features.push(feature) - 1;
    numbers.set(feature, number);
    return [number, strength] as const;
  });
  const worth = Object.fromEntries(
    CATEGORIES.map((category) => [
      category,
      category === label.category ? 1 : label.also.includes(category) ? ALSO : 0,
    ]),
  ) as Record<Category, number>;
  rows.push({ ...label, evidence, inputs, worth, importance: worth.Read > 0 ? 1 : NOT_READ });
}
const foldOf = (server: string) => Number.parseInt(sha256(server).slice(0, 8), 16) % FOLDS;
const round = (share: number) => Math.round(share * 10_000) / 10_000;
function print(figure: string, counts: readonly ReturnType<typeof agreement>[]): void {
  const sum = (key: keyof ReturnType<typeof agreement>) => counts.reduce((total, count) => total + count[key], 0);
  const shares = {
    category: round(sum('right') / sum('rows')),
    falseSafe: round(sum('safe') / sum('acting')),
    falseAlarm: round(sum('alarm') / sum('plain')),
  };
  console.log(JSON.stringify({ figure, rows: sum('rows'), ...shares }));
}

const all = readable(fitted(rows, features), features);
print('in-sample', [agreement(rows, all)]);
print(
  'servers held out',
  Array.from({ length: FOLDS }, (_, fold) => {
    const rest = rows.filter(({ server }) => foldOf(server) !== fold);
    const kept = rows.filter(({ server }) => foldOf(server) === fold);
    return agreement(kept, readable(fitted(rest, features), features));
  }),
);
if (values.write)
  writeFileSync(
    join(import.meta.dirname, '..', '..', 'src', 'classify', 'weights.json'),
    `${JSON.stringify(all, null, 2)}\n`,
  );
