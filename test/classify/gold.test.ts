import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { verifyQuote } from '#classify/quote.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { CATEGORIES, type Category, type Risk } from '#domain/verdict.ts';

const shared = join(import.meta.dirname, '..', '..', '..', 'shared');
const there = existsSync(join(shared, 'gold', 'labels.jsonl'));

interface Label {
  readonly server: string;
  readonly tool: string;
  readonly category: Category;
  readonly also: readonly Category[];
  readonly risk: readonly Risk[];
}
interface Listing {
  readonly server: string;
  readonly tools: readonly ToolDefinition[];
}

function lines<T>(text: string): readonly T[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}

describe.skipIf(!there)(there ? 'the shared gold set' : 'skipped: no shared data', async () => {
  const classifier = await loadClassifier();
  const read = (path: string) => readFileSync(join(shared, path));
  const listings = there
    ? [
        ...lines<Listing>(read('gold/servers.jsonl').toString('utf8')),
        ...lines<Listing>(gunzipSync(read('corpus/servers.jsonl.gz')).toString('utf8')).filter(
          (_, at) => at % 10 === 0,
        ),
      ]
    : [];

  const tools = new Map(listings.map(({ server, tools }) => [server, tools] as const));
  const judged = there
    ? lines<Label>(read('gold/labels.jsonl').toString('utf8')).map((label) => {
        const all = tools.get(label.server)!;
        const tool = all.find(({ name }) => name === label.tool)!;
        const verdict = classifier.assess(
          tool,
          all.map(({ name }) => name),
        );
        return { label, verdict, accepted: [label.category, ...label.also] };
      })
    : [];
  const share = (part: readonly unknown[], whole: readonly unknown[]) => part.length / whole.length;

  test('accuracy does not fall under the floor of the taxonomy’s own issue', () => {
    expect(judged.length).toBeGreaterThan(700);
    const right = judged.filter(({ verdict, accepted }) => accepted.includes(verdict.category));
    const acting = judged.filter(({ accepted }) => !accepted.includes('Read'));
    const safe = acting.filter(({ verdict }) => verdict.category === 'Read');
    const plain = judged.filter(({ accepted }) => accepted.every((category) => category === 'Read'));
    const alarms = plain.filter(({ verdict }) => verdict.category !== 'Read');
    const risk = judged.filter(({ verdict, label }) => label.risk.includes(verdict.risk));
    expect(share(right, judged)).toBeGreaterThanOrEqual(0.98);
    expect(share(safe, acting)).toBeLessThanOrEqual(0.01);
    expect(safe.filter(({ label }) => label.category !== 'Write').map(({ label }) => label.tool)).toEqual([]);
    expect(share(alarms, plain)).toBeLessThanOrEqual(0.03);
    expect(share(risk, judged)).toBeGreaterThanOrEqual(0.95);
  });

  test('no class is left behind: macro-F1', () => {
    const f1 = CATEGORIES.map((category) => {
      const hit = judged.filter(
        ({ verdict, label, accepted }) => label.category === category && accepted.includes(verdict.category),
      );
      const missed = judged.filter(
        ({ verdict, label, accepted }) => label.category === category && !accepted.includes(verdict.category),
      );
      const wrong = judged.filter(
        ({ verdict, accepted }) => verdict.category === category && !accepted.includes(category),
      );
      return (2 * hit.length) / (2 * hit.length + missed.length + wrong.length);
    });
    expect(f1.reduce((sum, one) => sum + one, 0) / f1.length).toBeGreaterThanOrEqual(0.97);
  });

  test('confidence is calibrated: expected error under 0.05 over ten bins', () => {
    let error = 0;
    for (let bin = 0; bin < 10; bin++) {
      const within = judged.filter(({ verdict }) => Math.min(9, Math.floor(verdict.confidence * 10)) === bin);
      const sure = within.reduce((sum, { verdict }) => sum + verdict.confidence, 0);
      const right = within.filter(({ verdict, accepted }) => accepted.includes(verdict.category)).length;
      error += Math.abs(sure - right) / judged.length;
    }
    expect(error).toBeLessThan(0.05);
  });

  test('every quote stands verbatim where it says, and every verdict has one', () => {
    const broken: string[] = [];
    for (const { server, tools } of listings) {
      const siblings = tools.map(({ name }) => name);
      for (const tool of tools) {
        const { evidence, facets } = classifier.assess(tool, siblings);
        if (evidence.length === 0) broken.push(`${server} ${tool.name}: no evidence`);
        for (const { signal, quote } of [...evidence, ...Object.values(facets).flatMap((facet) => facet.evidence)])
          if (!verifyQuote(tool, quote, siblings))
            broken.push(`${server} ${tool.name}: ${signal} ${JSON.stringify(quote)}`);
      }
    }
    expect(broken).toEqual([]);
  });
});
