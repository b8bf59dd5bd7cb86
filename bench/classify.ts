import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Classifier, loadClassifier } from '#classify/assess.ts';
import { definitionFingerprint } from '#core/definition.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Bench, Figure } from './run.ts';

interface Listing {
  readonly server: string;
  readonly tools: readonly ToolDefinition[];
}

const corpus = join(import.meta.dirname, '..', '..', 'shared', 'corpus', 'servers.jsonl.gz');
/** The sides take turns, so that a busy machine slows both; the median turn counts. */
const TURNS = 5;
/** Servers of this many tools, to see whether time grows with them only. */
const SIZES = [50, 500, 5_000];

/** Milliseconds of processor time in this process, which other programs do not change. */
function spent(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const round = (value: number, digits = 2) => Number(value.toFixed(digits));

function classifyAll(classifier: Classifier, listings: readonly Listing[]): void {
  for (const { tools } of listings) {
    const names = tools.map(({ name }) => name);
    for (const tool of tools) classifier.assess(tool, names);
  }
}

function readAll(lines: readonly string[]): void {
  for (const line of lines) for (const tool of (JSON.parse(line) as Listing).tools) definitionFingerprint(tool);
}

/** The longest that one definition takes, of the fastest of several times it is asked, so that no pause counts. */
function longest(classifier: Classifier, listings: readonly Listing[]): { readonly ms: number; readonly tool: string } {
  let worst = { ms: 0, tool: '' };
  for (const { server, tools } of listings) {
    const names = tools.map(({ name }) => name);
    for (const tool of tools) {
      let ms = spent(() => classifier.assess(tool, names));
      for (let again = 0; again < 3 && ms > worst.ms; again++)
        ms = Math.min(
          ms,
          spent(() => classifier.assess(tool, names)),
        );
      if (ms > worst.ms) worst = { ms, tool: `${server} ${tool.name}` };
    }
  }
  return worst;
}

/** Real definitions under names of their own, as one server of so many tools. */
function serverOf(size: number, listings: readonly Listing[]): Listing {
  const all = listings.flatMap(({ tools }) => tools);
  const tools = Array.from({ length: size }, (_, at) => {
    const tool = all[(at * 7_919) % all.length]!;
    return { ...tool, name: `${tool.name}_${at}` };
  });
  return { server: `of ${size}`, tools };
}

/**
 * Classifies the whole corpus by the rules alone, beside parsing and fingerprinting the same lines, on one core and in
 * processor time; then servers of 50, 500 and 5,000 tools, and the definition that takes longest.
 */
const bench: Bench = async (report) => {
  if (!existsSync(corpus)) {
    process.stderr.write('skipped: no shared data\n');
    return;
  }
  const say = (figure: string, value: number, unit: string, more: Partial<Figure> = {}) =>
    report({ bench: 'classify', figure, value, unit, ...more });
  const lines = gunzipSync(readFileSync(corpus)).toString('utf8').trim().split('\n');
  const listings = lines.map((line) => JSON.parse(line) as Listing);
  const count = listings.reduce((sum, { tools }) => sum + tools.length, 0);
  const classifier = await loadClassifier();
  classifyAll(classifier, listings);
  readAll(lines);
  const turns = Array.from({ length: TURNS }, () => ({
    classify: spent(() => classifyAll(classifier, listings)),
    read: spent(() => readAll(lines)),
  }));
  const classify = median(turns.map((turn) => turn.classify));
  const read = median(turns.map((turn) => turn.read));
  const perSecond = (ms: number) => round((count / ms) * 1000, 0);
  say('whole corpus', perSecond(classify), 'tools/s', {
    baseline: perSecond(read),
    ratio: round(read / classify),
  });
  let first = 0;
  for (const size of SIZES) {
    const one = [serverOf(size, listings)];
    classifyAll(classifier, one);
    const each = median(Array.from({ length: TURNS }, () => spent(() => classifyAll(classifier, one)))) / size;
    first ||= each;
    say(`a server with ${size} tools`, round(each * 1000, 1), 'µs/tool', {
      baseline: round(first * 1000, 1),
      ratio: round(each / first),
    });
  }
  const { ms, tool } = longest(classifier, listings);
  say(`longest definition: ${tool}`, round(ms), 'ms');
};
export default bench;
