import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadClassifier } from '#classify/assess.ts';
import { fileBench } from '#job/batch-files.ts';
import { evaluationText } from '#job/evaluation.ts';
import type { Job } from '#job/job.ts';
import { accuracyOf } from '#pipeline/evaluate/accuracy.ts';
import { readGold } from '#pipeline/evaluate/gold.ts';
import { evaluate } from '#pipeline/evaluate/variants.ts';

const root = join(import.meta.dirname, '..');

export default {
  id: 'evaluate',
  about: 'Measure verdicts against judged tools: rules, annotations alone, and with answers a language model and both',
  options: [
    { flags: '--gold <folder>', about: 'folder with labels.jsonl and servers.jsonl (default: data/gold)' },
    {
      flags: '--batch-in <file>',
      about: 'answers of a language model to the requests that classify --batch-out wrote',
    },
    { flags: '--write', about: 'keep the figures in data/accuracy.json, for the method page' },
  ],
  examples: [
    'npm run plimsoll -- evaluate',
    'npm run --silent plimsoll -- evaluate --gold FOLDER --json',
    'npm run plimsoll -- classify data/gold/servers.jsonl --batch-out requests.jsonl',
  ],
  async run(call) {
    const { gold, batchIn, write } = call.options;
    const folder = gold === undefined ? join(root, 'data', 'gold') : resolve(gold as string);
    const bench = typeof batchIn === 'string' ? await fileBench(call, batchIn) : undefined;
    // Without corrections: what a person put right is no merit of the rules.
    const evaluations = await evaluate(readGold(folder), await loadClassifier(), bench?.judge, call.stop);
    if (write === true)
      await writeFile(join(root, 'data', 'accuracy.json'), `${JSON.stringify(accuracyOf(evaluations), null, 2)}\n`);
    call.out(call.json ? `${JSON.stringify(evaluations)}\n` : evaluationText(evaluations));
    return undefined;
  },
} satisfies Job;
