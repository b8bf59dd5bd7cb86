import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { noticeAll, type SignedClue } from '#classify/assess.ts';
import { isCategory, strengths } from '#classify/decide.ts';
import type { Signal } from '#classify/signal.ts';
import { prepare } from '#classify/subject.ts';
import { sha256 } from '#core/hash.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { CATEGORIES, type Category, type Risk } from '#domain/verdict.ts';

/** What a reader said of one tool; `also` and `risk` are accepted as well. */
export interface Label {
  readonly server: string;
  readonly tool: string;
  readonly category: Category;
  readonly also: readonly Category[];
  readonly risk: readonly Risk[];
}

/** A label with what the signals noticed. */
export interface Row extends Label {
  readonly evidence: readonly SignedClue[];
  readonly inputs: readonly (readonly [feature: number, strength: number])[];
  /** What each category is worth as an answer. */
  readonly worth: Readonly<Record<Category, number>>;
  readonly importance: number;
}

/** Rows by their use: `rows` are fitted and folded by whole servers, `locked` are only looked at. */
export interface Rows {
  /** `signal says`, as the weights name them. */
  readonly features: readonly string[];
  readonly rows: readonly Row[];
  readonly locked: readonly Row[];
}

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

/** Which of so many folds a whole server belongs to. */
export function foldOf(server: string, folds: number): number {
  return Number.parseInt(sha256(server).slice(0, 8), 16) % folds;
}

/**
 * Reads labels (*labels.jsonl) and definitions (servers.jsonl, servers.jsonl.gz) of some folders, and locked labels of
 * servers that none of them names. Throws where a locked server is labelled in a folder too: it would not be unseen.
 */
export function readRows(
  folders: readonly string[],
  lockedLabels: string | undefined,
  signals: readonly Signal[],
): Rows {
  const paths = folders.flatMap((folder) =>
    globSync('*.{jsonl,jsonl.gz}', { cwd: folder })
      .sort()
      .map((file) => join(folder, file)),
  );
  const servers = new Map(
    paths
      .filter((path) => /servers\.jsonl/.test(path))
      .flatMap((path) => lines<{ server: string; tools: ToolDefinition[] }>(path))
      .map((one) => [one.server, one.tools] as const),
  );
  const siblings = new Map([...servers].map(([server, tools]) => [server, tools.map(({ name }) => name)] as const));
  const features: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (feature: string): number => {
    const number = numbers.get(feature) ?? features.push(feature) - 1;
    numbers.set(feature, number);
    return number;
  };
  // What a signal can say has a weight even where no label shows it: it then means what it says.
  for (const { id, examples, notice } of signals)
    for (const { siblings = [], ...tool } of examples.speaks)
      for (const { says } of notice(prepare(tool, siblings))) if (isCategory(says)) numberOf(`${id} ${says}`);
  const rowOf = (label: Label): readonly Row[] => {
    const tool = servers.get(label.server)?.find(({ name }) => name === label.tool);
    if (!tool) return [];
    const evidence = noticeAll(signals, tool, siblings.get(label.server)!);
    const inputs = [...strengths(evidence)].map(([feature, strength]) => [numberOf(feature), strength] as const);
    const worth = Object.fromEntries(
      CATEGORIES.map((category) => [
        category,
        category === label.category ? 1 : label.also.includes(category) ? ALSO : 0,
      ]),
    ) as Record<Category, number>;
    return [{ ...label, evidence, inputs, worth, importance: worth.Read > 0 ? 1 : NOT_READ }];
  };
  const labels = paths.filter((path) => /labels\.jsonl/.test(path)).flatMap((path) => lines<Label>(path));
  const rows = labels.flatMap(rowOf);
  const seen = new Set(labels.map(({ server }) => server));
  const kept = lockedLabels ? lines<Label>(lockedLabels) : [];
  const twice = kept.find(({ server }) => seen.has(server));
  if (twice) throw new Error(`${twice.server} is labelled in a folder too`);
  return { features, rows, locked: kept.flatMap(rowOf) };
}
