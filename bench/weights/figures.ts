import { judge, type Weights } from '#classify/decide.ts';
import { CATEGORIES, type Category, type Risk } from '#domain/verdict.ts';
import type { Row } from './rows.ts';

/** A row with what the classifier says of it. */
export interface Judged extends Row {
  readonly said: { readonly category: Category; readonly risk: Risk; readonly confidence: number };
}

/** What weights say of rows. */
export function judgeRows(rows: readonly Row[], by: Weights): readonly Judged[] {
  return rows.map((row) => ({ ...row, said: judge(row.evidence, by) }));
}

const accepted = ({ category, also }: Row): readonly Category[] => [category, ...also];
const round = (share: number) => Math.round(share * 10_000) / 10_000;
const share = (part: readonly unknown[], whole: readonly unknown[]) =>
  round(whole.length === 0 ? 0 : part.length / whole.length);

/** A row that is called Read although no accepted reading is Read. */
export function isFalseSafe(row: Judged): boolean {
  return row.said.category === 'Read' && !accepted(row).includes('Read');
}

function macroF1(rows: readonly Judged[]): number {
  const f1 = CATEGORIES.map((category) => {
    let hit = 0;
    let missed = 0;
    let wrong = 0;
    for (const row of rows) {
      const right = accepted(row).includes(row.said.category);
      if (row.category === category) right ? hit++ : missed++;
      if (!right && row.said.category === category) wrong++;
    }
    return (2 * hit) / Math.max(1, 2 * hit + missed + wrong);
  });
  return round(f1.reduce((sum, one) => sum + one, 0) / f1.length);
}

const BINS = 10;

/** How sure and how often right, over ten bins of confidence, and the expected calibration error. */
export function reliability(rows: readonly Judged[]) {
  const bins = Array.from({ length: BINS }, (_, bin) => {
    const within = rows.filter(({ said }) => Math.min(BINS - 1, Math.floor(said.confidence * BINS)) === bin);
    const sure = within.reduce((sum, { said }) => sum + said.confidence, 0) / Math.max(1, within.length);
    const right = within.filter((row) => accepted(row).includes(row.said.category)).length / Math.max(1, within.length);
    return { from: bin / BINS, rows: within.length, sure: round(sure), right: round(right) };
  });
  const error = bins.reduce((sum, bin) => sum + (bin.rows * Math.abs(bin.sure - bin.right)) / rows.length, 0);
  return { expectedError: round(error), bins: bins.filter(({ rows }) => rows > 0) };
}

/** The figures of ../shared/gold/score.py, by the same definitions. */
export function figuresOf(rows: readonly Judged[]) {
  const acting = rows.filter((row) => !accepted(row).includes('Read'));
  const plain = rows.filter((row) => accepted(row).every((category) => category === 'Read'));
  const safe = rows.filter(isFalseSafe);
  return {
    rows: rows.length,
    category: share(
      rows.filter((row) => accepted(row).includes(row.said.category)),
      rows,
    ),
    falseSafe: share(safe, acting),
    worseThanWrite: safe.filter(({ category }) => category !== 'Write').length,
    falseAlarm: share(
      plain.filter(({ said }) => said.category !== 'Read'),
      plain,
    ),
    risk: share(
      rows.filter(({ risk, said }) => risk.includes(said.risk)),
      rows,
    ),
    macroF1: macroF1(rows),
    expectedCalibrationError: reliability(rows).expectedError,
  };
}
