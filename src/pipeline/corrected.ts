import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadClassifier } from '#classify/assess.ts';
import { correct, readCurations } from '#classify/curations.ts';
import { sha256 } from '#core/hash.ts';
import type { Assessor } from './verdicts.ts';

const FILE = join(import.meta.dirname, '..', '..', 'data', 'curations.yaml');

/** The classifier with what people put right: both together are the rules. Throws where a data file is broken. */
export async function loadRules(): Promise<Required<Assessor>> {
  const classifier = await loadClassifier();
  const yaml = readFileSync(FILE, 'utf8');
  const curations = readCurations(yaml);
  return {
    rules: sha256(`${classifier.rules} ${sha256(yaml)}`),
    assess: classifier.assess,
    correct: (tool, verdict) => correct(curations, tool, verdict) ?? verdict,
  };
}
