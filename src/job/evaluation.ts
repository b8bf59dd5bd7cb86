import Table from 'cli-table3';
import type { Consistency } from '#classify/consistency.ts';
import { visibleLine } from '#core/visible.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import type { Score } from '#pipeline/evaluate/score.ts';
import { type Evaluation, VARIANTS } from '#pipeline/evaluate/variants.ts';

type Cell = string | number;

function table(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const made = new Table({ head: head.map(String), style: { head: [], border: [] } });
  for (const row of rows) made.push(row.map(String));
  return made.toString();
}

const orNone = (value: number | null) => value ?? '–';

/** An evaluation for a person: the variants side by side for each split, then the rules in detail. */
export function evaluationText(evaluations: readonly Evaluation[]): string {
  const parts = evaluations.map(({ split, variants }) => {
    const rows = VARIANTS.flatMap((variant) => {
      const score = variants[variant];
      return score ? [[variant, ...figures(score)]] : [];
    });
    const head = ['n', 'category', 'access', 'false-safe', 'worst', 'false alarm', 'risk', 'macro-F1', 'ECE'];
    return table([split, ...head], rows);
  });
  for (const variant of VARIANTS) {
    const score = evaluations[0]?.variants[variant];
    if (score && variant !== 'annotations') parts.push(detail(variant, score));
  }
  const consistency = evaluations[0]?.consistency;
  if (consistency) parts.push(consistencyText(consistency));
  return `${parts.join('\n')}\n`;
}

/** The operations that are judged differently from server to server though no evidence says why. */
function consistencyText({ operations, consistent, inconsistencies }: Consistency): string {
  const open = inconsistencies.filter(({ isExplained }) => !isExplained);
  const rows = open.map(({ operation, readings }) => {
    const said = readings.map(({ category, tools }) => `${category} (${tools.map(({ server }) => server).join(', ')})`);
    return `  ${visibleLine(operation)}: ${visibleLine(said.join(' or '))}`;
  });
  return [
    `\nConsistency: of ${operations} operations that stand on more than one server ${consistent} have one category, ${inconsistencies.length - open.length} differ for reasons that the evidence names, ${open.length} without.`,
    ...rows,
  ].join('\n');
}

function figures({ n, category, access, falseSafe, worst, falseAlarm, risk, macroF1, calibration }: Score): Cell[] {
  return [n, category, access, falseSafe, worst, falseAlarm, risk, macroF1, calibration?.error ?? '–'];
}

function detail(variant: string, { classes, confusion, falseSafes, calibration }: Score): string {
  const parts = [
    `\n${variant}`,
    table(
      ['class', 'labels', 'precision', 'recall', 'F1'],
      CATEGORIES.map((name) => {
        const { labels, precision, recall, f1 } = classes[name];
        return [name, labels, orNone(precision), orNone(recall), f1];
      }),
    ),
    table(
      ['label ↓ verdict →', ...CATEGORIES],
      CATEGORIES.map((name) => [name, ...CATEGORIES.map((other) => confusion[name][other])]),
    ),
  ];
  if (calibration)
    parts.push(
      table(
        ['confidence from', 'n', 'mean confidence', 'right'],
        calibration.bins.map(({ from, n, confidence, right }) => [from.toFixed(1), n, confidence, right]),
      ),
    );
  parts.push(
    falseSafes.length === 0
      ? 'No false-safe.'
      : `False-safe:\n${falseSafes.map(({ server, tool, label }) => `  ${visibleLine(server)} ${visibleLine(tool)}: ${label}`).join('\n')}`,
  );
  return parts.join('\n');
}
