import { CATEGORIES, type Category, type Risk } from '#domain/verdict.ts';
import type { Label } from './gold.ts';

/** What a classifier said of a labelled tool; undefined where it said nothing. */
export interface Said {
  readonly category: Category;
  readonly risk: Risk;
  readonly confidence?: number;
}

/** Shares of 0 to 1, rounded to four places. Names and rules are those of the shared set's own measure. */
export interface Score {
  readonly n: number;
  readonly missing: number;
  /** Agreement in the category; an accepted second reading counts as right. */
  readonly category: number;
  /** Agreement on Read or not; second readings do not count. */
  readonly access: number;
  /** Of the tools that nobody reads as Read: called Read. */
  readonly falseSafe: number;
  /** How many of those run, destroy or pay. */
  readonly worst: number;
  /** Of the tools that are Read only: called something else. */
  readonly falseAlarm: number;
  readonly risk: number;
  readonly macroF1: number;
  readonly classes: Readonly<Record<Category, ClassScore>>;
  /** Label, then verdict: how often. A second reading that was accepted stands as the label's own. */
  readonly confusion: Readonly<Record<Category, Readonly<Record<Category, number>>>>;
  readonly falseSafes: readonly Miss[];
  readonly misses: readonly Miss[];
  readonly calibration?: Calibration;
}

export interface ClassScore {
  readonly labels: number;
  /** Null where nothing was called so, or nothing is so. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number;
}

export interface Miss {
  readonly server: string;
  readonly tool: string;
  readonly label: Category;
  readonly said: Category;
}

/** How confidence and agreement go together, in ten bins; the error is their distance, weighed by the bins. */
export interface Calibration {
  readonly error: number;
  readonly bins: readonly {
    readonly from: number;
    readonly n: number;
    readonly confidence: number;
    readonly right: number;
  }[];
}

const share = (part: number, whole: number): number => Math.round((part / Math.max(1, whole)) * 10_000) / 10_000;
const accepted = ({ category, also }: Label): readonly Category[] => [category, ...also];

/** Scores verdicts on labelled tools. `said` gives the verdict on a label's tool. */
export function score(labels: readonly Label[], said: (label: Label) => Said | undefined): Score {
  const rows = labels.flatMap((label) => {
    const got = said(label);
    return got ? [{ label, got, right: accepted(label).includes(got.category) }] : [];
  });
  const acting = rows.filter(({ label }) => !accepted(label).includes('Read'));
  const unsafe = acting.filter(({ got }) => got.category === 'Read');
  const plain = rows.filter(({ label }) => accepted(label).every((category) => category === 'Read'));
  const wrong = rows.filter(({ right }) => !right);
  const miss = ({ label, got }: (typeof rows)[number]): Miss => ({
    server: label.server,
    tool: label.tool,
    label: label.category,
    said: got.category,
  });
  const classes = byCategory((category) => classScore(rows, category));
  const calibrated = rows.every(({ got }) => got.confidence !== undefined) && rows.length > 0;
  return {
    n: rows.length,
    missing: labels.length - rows.length,
    category: share(rows.length - wrong.length, rows.length),
    access: share(
      rows.filter(({ label, got }) => (label.category === 'Read') === (got.category === 'Read')).length,
      rows.length,
    ),
    falseSafe: share(unsafe.length, acting.length),
    worst: unsafe.filter(({ label }) => label.category !== 'Write').length,
    falseAlarm: share(plain.filter(({ got }) => got.category !== 'Read').length, plain.length),
    risk: share(rows.filter(({ label, got }) => label.risk.includes(got.risk)).length, rows.length),
    macroF1: share(
      CATEGORIES.reduce((sum, category) => sum + exactF1(rows, category), 0),
      CATEGORIES.length,
    ),
    classes,
    confusion: byCategory((one) =>
      byCategory(
        (other) =>
          rows.filter(
            ({ label, got, right }) => label.category === one && (right ? label.category : got.category) === other,
          ).length,
      ),
    ),
    falseSafes: unsafe.map(miss),
    misses: wrong.map(miss),
    ...(calibrated && {
      calibration: calibrationOf(rows.map(({ got, right }) => ({ confidence: got.confidence!, right }))),
    }),
  };
}

interface Row {
  readonly label: Label;
  readonly got: Said;
  readonly right: boolean;
}

function counts(rows: readonly Row[], category: Category) {
  const mine = rows.filter(({ label }) => label.category === category);
  const hit = mine.filter(({ right }) => right).length;
  const wrong = rows.filter(({ got, right }) => !right && got.category === category).length;
  return { labels: mine.length, hit, missed: mine.length - hit, wrong };
}

function exactF1(rows: readonly Row[], category: Category): number {
  const { hit, missed, wrong } = counts(rows, category);
  return (2 * hit) / Math.max(1, 2 * hit + missed + wrong);
}

function classScore(rows: readonly Row[], category: Category): ClassScore {
  const { labels, hit, wrong } = counts(rows, category);
  return {
    labels,
    precision: hit + wrong === 0 ? null : share(hit, hit + wrong),
    recall: labels === 0 ? null : share(hit, labels),
    f1: share(exactF1(rows, category), 1),
  };
}

function byCategory<T>(make: (category: Category) => T): Record<Category, T> {
  return Object.fromEntries(CATEGORIES.map((category) => [category, make(category)])) as Record<Category, T>;
}

const BINS = 10;

function calibrationOf(rows: readonly { readonly confidence: number; readonly right: boolean }[]): Calibration {
  const bins = Array.from({ length: BINS }, (_, at) => {
    const within = rows.filter(({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === at);
    const sure = within.reduce((sum, { confidence }) => sum + confidence, 0);
    const right = within.filter((row) => row.right).length;
    return { from: at / BINS, n: within.length, sure, right };
  });
  const error = bins.reduce((sum, { sure, right }) => sum + Math.abs(sure - right), 0);
  return {
    error: share(error, rows.length),
    bins: bins
      .filter(({ n }) => n > 0)
      .map(({ from, n, sure, right }) => ({ from, n, confidence: share(sure, n), right: share(right, n) })),
  };
}
