import { CATEGORIES, type Category, type Evidence, RISKS, type Risk, STARTING_RISK } from '#domain/verdict.ts';
import weights from './weights.json' with { type: 'json' };

/** How much one signal's word for a category moves each category's score; fitted by bench/weights/fit.ts, readable as log-odds. */
export interface Weights {
  readonly base: Readonly<Record<Category, number>>;
  readonly signals: { readonly [signalSays: string]: Readonly<Partial<Record<Category, number>>> };
}

/** A reading must be this likely to be called harmless; below it, the likeliest other category is taken. */
const READ_NEEDS = 0.65;
/** So likely where something speaks out for another category. */
const CONTESTED_NEEDS = 0.85;
/** A word for another category that is at least this strong contests a reading. */
const CONTESTS = 0.7;
/** Signals that speak of circumstances only, not of what is done. */
const ASIDES: ReadonlySet<string> = new Set([
  'hints',
  'later',
  'money',
  'paging',
  'payload',
  'permanent',
  'siblings',
  'title',
]);

/** Whether evidence speaks for a category, and not of risk or a facet. */
export function isCategory(says: string): says is Category {
  return (CATEGORIES as readonly string[]).includes(says);
}

/** The strongest word of each signal for each category, as `signal says` → weight. */
export function strengths(evidence: readonly Evidence[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { signal, says, weight } of evidence) {
    if (!isCategory(says)) continue;
    const key = `${signal} ${says}`;
    found.set(key, Math.max(found.get(key) ?? 0, weight));
  }
  return found;
}

/** How likely each category is on the evidence: the weights added up and turned into shares of one. */
export function likelihoods(evidence: readonly Evidence[], by: Weights = weights): Readonly<Record<Category, number>> {
  const scores = { ...by.base };
  for (const [key, strength] of strengths(evidence)) {
    const moves = by.signals[key];
    if (moves) for (const category of CATEGORIES) scores[category] += strength * (moves[category] ?? 0);
  }
  const top = Math.max(...Object.values(scores));
  let sum = 0;
  for (const category of CATEGORIES) sum += scores[category] = Math.exp(scores[category] - top);
  for (const category of CATEGORIES) scores[category] /= sum;
  return scores;
}

/** Whether something speaks out for more than reading, or speaks to a model: who does that may say anything. */
function isContested(evidence: readonly Evidence[]): boolean {
  return evidence.some(
    ({ signal, says, weight }) =>
      says === 'facet:addresses-the-model' ||
      (isCategory(says) && says !== 'Read' && weight >= CONTESTS && !ASIDES.has(signal)),
  );
}

/** The likeliest category; Read only where that is likely enough, since a wrong Read is the worst error. */
function pick(likely: Readonly<Record<Category, number>>, evidence: readonly Evidence[]): Category {
  const [first, second] = [...CATEGORIES].sort((a, b) => likely[b] - likely[a]);
  const needs = isContested(evidence) ? CONTESTED_NEEDS : READ_NEEDS;
  return first === 'Read' && likely.Read < needs ? second! : first!;
}

/** A milder category that is at least this likely makes the risk doubtful. */
const DOUBTFUL = 0.2;

/** The category that the evidence speaks for, how sure that is (0 to 1), and a milder one that it leaves open. */
function decideCategory(
  evidence: readonly Evidence[],
  by: Weights | undefined,
): {
  readonly category: Category;
  readonly confidence: number;
  readonly milder: Category | undefined;
} {
  const likely = likelihoods(evidence, by);
  const category = pick(likely, evidence);
  const milder = CATEGORIES.slice(0, CATEGORIES.indexOf(category)).find(
    (other) => likely[other] >= DOUBTFUL && STARTING_RISK[other] !== STARTING_RISK[category],
  );
  return { category, confidence: Math.round(likely[category] * 1000) / 1000, milder };
}

/** That the strongest word for a milder category leaves the graver one in doubt, as a reason to lower the risk. */
function doubt<E extends Evidence>(evidence: readonly E[], milder: Category): readonly E[] {
  const word = evidence.filter(({ says }) => says === milder).sort((a, b) => b.weight - a.weight)[0];
  if (!word) return [];
  const because = `these words allow the milder reading ${milder}`;
  return [{ ...word, signal: 'doubt', says: 'lowers', weight: 1, because }];
}

function isFacet(says: Evidence['says']): boolean {
  return says.startsWith('facet:');
}

/** What evidence amounts to: category, risk, how sure (0 to 1), and the evidence that counted, with what the
 * weighing itself adds. */
export function judge<E extends Evidence>(
  noticed: readonly E[],
  by?: Weights,
): {
  readonly category: Category;
  readonly risk: Risk;
  readonly confidence: number;
  readonly evidence: readonly E[];
} {
  const { category, confidence, milder } = decideCategory(noticed, by);
  const doubted = milder ? [...noticed, ...doubt(noticed, milder)] : noticed;
  const { risk, counted } = weighRisk(category, doubted);
  const evidence = doubted.filter((one) => isFacet(one.says) || isCategory(one.says) || counted.includes(one));
  return { category, confidence, risk, evidence };
}

/**
 * The categories whose risk a signal's reasons move. A reason counts only where it makes the category's own harm worse
 * or milder: that a message reaches people is what sending is, and no reason to raise a Write above its start.
 */
const MOVES: { readonly [signal: string]: readonly Category[] } = {
  answers: ['Execute'],
  bulk: ['Destructive'],
  doubt: ['Execute', 'Destructive'],
  harmless: ['Execute'],
  location: ['Read'],
  overwrite: ['Write'],
  permissions: ['Write'],
  'private-data': ['Read'],
  public: ['Write'],
  reach: ['Write'],
  'reading-language': ['Execute'],
  recoverable: ['Destructive'],
  sandbox: ['Execute', 'Destructive', 'Financial'],
  scratch: ['Write'],
  secrets: ['Read', 'Write'],
  shell: ['Execute'],
};

/** Whether a piece of evidence is a reason that moves the risk of a category. */
export function moves(category: Category, { signal, says }: Evidence): boolean {
  return (says === 'raises' || says === 'lowers') && (MOVES[signal] ?? CATEGORIES).includes(category);
}

/** Whether two reasons are one: of the same signal, or resting on the same words. */
function isSameReason(one: Evidence, other: Evidence): boolean {
  if (one.says !== other.says) return false;
  const [a, b] = [one.quote, other.quote];
  return (
    one.signal === other.signal || (a.field === b.field && a.tool === b.tool && a.start < b.end && b.start < a.end)
  );
}

/**
 * Moves a category's starting risk by the reasons in the evidence, two steps at most in all. `counted` are the reasons
 * that moved it; one of the same signal or the same words as another, or one beyond the top, moves nothing.
 */
function weighRisk(
  category: Category,
  evidence: readonly Evidence[],
): { readonly risk: Risk; readonly counted: readonly Evidence[] } {
  let steps = 0;
  const counted: Evidence[] = [];
  for (const reason of evidence) {
    const { says, weight } = reason;
    if (!moves(category, reason) || counted.some((other) => isSameReason(other, reason))) continue;
    counted.push(reason);
    steps += says === 'raises' ? weight : -weight;
  }
  const moved = Math.max(-2, Math.min(2, Math.trunc(steps)));
  const start = RISKS.indexOf(STARTING_RISK[category]);
  const at = Math.max(0, Math.min(RISKS.length - 1, start + moved));
  const isMixed = counted.some(({ says }) => says === 'raises') && counted.some(({ says }) => says === 'lowers');
  return { risk: RISKS[at]!, counted: at === start && !isMixed ? [] : counted };
}

/** The risk that a category has with the reasons in the evidence. */
export function decideRisk(category: Category, evidence: readonly Evidence[]): Risk {
  return weighRisk(category, evidence).risk;
}
