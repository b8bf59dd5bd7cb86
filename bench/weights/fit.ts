/**
 * Fits src/classify/weights.json to labels and says how well that holds on servers it was not fitted to.
 *
 * Usage: node bench/weights/fit.ts [--write] [--misses] [--locked LABELS] FOLDER…
 * The folders hold labels (*labels.jsonl: server, tool, category, also, risk) and definitions (servers.jsonl, or .gz).
 * Prints one JSON line for the labels in-sample, one for each of five folds of whole servers, fitted to the other four,
 * one for all five together with its reliability table, and, of `--locked` labels of servers that no folder labels, one
 * more. The lexicon and the signals are the same in each fold, so folds show what refitted weights lose, and only locked
 * labels show what words lose that were written with the folders' labels in sight. Deterministic.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Signal } from '#classify/signal.ts';
import { plugins } from '#core/plugins.ts';
import { figuresOf, isFalseSafe, type Judged, judgeRows, reliability } from './figures.ts';
import { fitWeights } from './model.ts';
import { foldOf, readRows } from './rows.ts';

const FOLDS = 5;
const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean' }, misses: { type: 'boolean' }, locked: { type: 'string' } },
  allowPositionals: true,
});
const classify = join(import.meta.dirname, '..', '..', 'src', 'classify');
const { features, rows, locked } = readRows(
  positionals,
  values.locked,
  await plugins<Signal>(join(classify, 'signals')),
);

function print(figure: string, judged: readonly Judged[], more: object = {}): void {
  console.log(JSON.stringify({ figure, ...figuresOf(judged), ...more }));
}

const all = fitWeights(rows, features);
print('in-sample', judgeRows(rows, all));
const folds = Array.from({ length: FOLDS }, (_, fold) => {
  const rest = rows.filter(({ server }) => foldOf(server, FOLDS) !== fold);
  const held = rows.filter(({ server }) => foldOf(server, FOLDS) === fold);
  return judgeRows(held, fitWeights(rest, features));
});
for (const [fold, judged] of folds.entries()) print(`fold ${fold + 1} of ${FOLDS}`, judged);
const held = folds.flat();
print('servers held out', held, reliability(held));
if (locked.length > 0) print('locked servers', judgeRows(locked, all));
if (values.misses)
  for (const row of held) {
    const right = [row.category, ...row.also].includes(row.said.category);
    if (!right || !row.risk.includes(row.said.risk))
      console.log(
        `${isFalseSafe(row) ? 'SAFE ' : right ? 'risk ' : ''}${row.category}/${row.risk} → ${row.said.category}/${row.said.risk} ${row.said.confidence} ${row.server} ${row.tool}`,
      );
  }
if (values.write) writeFileSync(join(classify, 'weights.json'), `${JSON.stringify(all, null, 2)}\n`);
