import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { verifyQuote } from '#classify/quote.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Category, Risk } from '#domain/verdict.ts';

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

  test('accuracy does not fall under the floor', () => {
    const tools = new Map(listings.map(({ server, tools }) => [server, tools] as const));
    const count = { rows: 0, right: 0, acting: 0, safe: 0, worse: 0, plain: 0, alarm: 0, risk: 0 };
    for (const { server, tool, category, also, risk } of lines<Label>(read('gold/labels.jsonl').toString('utf8'))) {
      const all = tools.get(server)!;
      const said = classifier.assess(
        all.find(({ name }) => name === tool)!,
        all.map(({ name }) => name),
      );
      const accepted = [category, ...also];
      count.rows++;
      if (accepted.includes(said.category)) count.right++;
      if (risk.includes(said.risk)) count.risk++;
      if (!accepted.includes('Read')) {
        count.acting++;
        if (said.category === 'Read') count.safe++;
      }
      if (accepted.length === 1 && category === 'Read') {
        count.plain++;
        if (said.category !== 'Read') count.alarm++;
      }
    }
    expect(count.rows).toBeGreaterThan(700);
    expect(count.right / count.rows).toBeGreaterThanOrEqual(0.94);
    expect(count.safe / count.acting).toBeLessThanOrEqual(0.035);
    expect(count.alarm / count.plain).toBeLessThanOrEqual(0.03);
    expect(count.risk / count.rows).toBeGreaterThanOrEqual(0.9);
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
