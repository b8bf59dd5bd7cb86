import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '#core/hash.ts';
import { plugins } from '#core/plugins.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { accessOf, type Evidence, type Verdict } from '#domain/verdict.ts';
import { isCategory, judge } from './decide.ts';
import { facetsOf } from './facets.ts';
import { quote } from './quote.ts';
import type { Clue, Signal } from './signal.ts';
import { prepare } from './subject.ts';

/** The rules as they stand: judges definitions, and says by which rules. */
export interface Classifier {
  /** Hash over the rules' sources and the lexicon: another hash, another assessment. */
  readonly rules: string;
  readonly signals: readonly Signal[];
  /**
   * Judges one definition by the taxonomy. Pure and synchronous; never throws, reads a bounded part of any definition.
   * `siblings` are the names of all tools of the server; pass the same array for all of them, it is read once.
   */
  assess(tool: ToolDefinition, siblings: readonly string[]): Verdict;
}

/** Where the package that is built from the sources keeps the hash of those: as JavaScript they are other bytes. */
const BUILT = 'rules.txt';

function rulesHash(): string {
  const root = join(import.meta.dirname, '..', '..');
  if (existsSync(join(root, BUILT))) return readFileSync(join(root, BUILT), 'utf8');
  // The judge has a hash of its own, over its prompt: verdicts of the rules alone do not change with it.
  const files = globSync(['src/classify/**/*.{ts,json}', 'data/lexicon*.yaml'], { cwd: root })
    .filter((file) => !/^src[\\/]classify[\\/](?:judge[\\/]|taxonomy\.ts)/.test(file))
    .sort();
  return sha256(files.map((file) => `${file}\0${sha256(readFileSync(join(root, file)))}\n`).join(''));
}

/** A clue with the name of the signal that had it. */
export type SignedClue = Clue & Evidence;

const AIMED = 'facet:addresses-the-model';
/** What a text that addresses the model says of harmlessness counts this much. */
const TAINTED = 0.3;

/** A clue that makes a tool look milder counts less where it rests on a text that addresses the model. */
function distrusted(clue: SignedClue, aimed: ReadonlySet<string>): SignedClue {
  const milder = clue.says === 'Read' || clue.says === 'lowers';
  return milder && aimed.has(clue.quote.field) ? { ...clue, weight: clue.weight * TAINTED } : clue;
}

/** Every clue of every signal, signed; the bare name where no signal speaks, so that no verdict stands without a quote. */
export function noticeAll(
  signals: readonly Signal[],
  tool: ToolDefinition,
  siblings: readonly string[],
): readonly SignedClue[] {
  const subject = prepare(tool, siblings);
  const found: SignedClue[] = [];
  for (const signal of signals) for (const clue of signal.notice(subject)) found.push({ ...clue, signal: signal.id });
  const aimed = new Set(found.filter(({ says }) => says === AIMED).map(({ quote }) => quote.field));
  if (aimed.size > 0) for (const [at, clue] of found.entries()) found[at] = distrusted(clue, aimed);
  if (!found.some(({ says }) => isCategory(says)))
    found.push({
      signal: 'name',
      says: 'Read',
      weight: 0.1,
      because: 'nothing but the name is known',
      quote: quote('/name', tool.name),
    });
  return found;
}

/** Loads the signals and the lexicon. Throws where a signal or a data file is broken. */
export async function loadClassifier(): Promise<Classifier> {
  const signals = await plugins<Signal>(join(import.meta.dirname, 'signals'));
  return {
    rules: rulesHash(),
    signals,
    assess(tool, siblings) {
      const { category, risk, confidence, evidence: clues } = judge(noticeAll(signals, tool, siblings));
      return {
        category,
        access: accessOf(category),
        risk,
        confidence,
        evidence: clues.filter(({ says }) => !says.startsWith('facet:')).map(({ value, ...evidence }) => evidence),
        facets: facetsOf(category, clues),
      };
    },
  };
}
