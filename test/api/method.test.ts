import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { loadSources } from '#pipeline/discover.ts';
import { accuracyOf } from '#pipeline/evaluate/accuracy.ts';
import { readGold } from '#pipeline/evaluate/gold.ts';
import { evaluate } from '#pipeline/evaluate/variants.ts';
import { html } from '#publish/markup/html.ts';
import { catalogueServer, evidence } from '../recommend/sample.ts';
import { app } from './sample.ts';

const root = join(import.meta.dirname, '..', '..');
const get = async (path: string, change = {}) => app({}, change).fetch(new Request(`http://localhost${path}`));

test('the method page shows every category, every signal with its reason, and the figures', async () => {
  const response = await get('/method');
  const text = await response.text();
  expect(response.status).toBe(200);
  const { signals } = await loadClassifier();
  for (const { id } of signals) expect(text).toContain(`id="signal-${id}"`);
  for (const id of ['taxonomy', 'risk', 'accuracy', 'failings', 'dispute', 'sources'])
    expect(text).toContain(`id="${id}"`);
  for (const { id, terms } of await loadSources()) {
    expect(text).toContain(`id="source-${id}"`);
    expect(text).toContain(String(html`${terms}`));
  }
  expect(text).toContain('PLIMSOLL_GLAMA_KEY');
  const [all] = JSON.parse(readFileSync(join(root, 'data', 'accuracy.json'), 'utf8')) as {
    variants: { rules: { n: number; category: number } };
  }[];
  expect(text).toContain(
    `<td>${all!.variants.rules.n}</td><td>${(all!.variants.rules.category * 100).toFixed(1)} %</td>`,
  );
});

test('the published figures are those of today’s rules; npm run plimsoll -- evaluate --write renews them', async () => {
  const gold = readGold(join(root, 'data', 'gold'));
  const today = await evaluate(gold, await loadClassifier(), undefined, new AbortController().signal);
  expect(JSON.parse(readFileSync(join(root, 'data', 'accuracy.json'), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(accuracyOf(today))),
  );
});

const definition = { name: 'wipe', description: 'Deletes <b>everything</b>.', annotations: { readOnlyHint: true } };
const server = catalogueServer([
  {
    ...definition,
    category: 'Destructive',
    evidence: [evidence(definition, 'Destructive', 'Deletes', 'takes something away')],
  },
]);
const tools = server.tools.map((tool) => ({ server, definition: tool.definition, verdict: tool.assessment!.verdict }));
const annotated = async ({ after = 0 }: { after?: number }) => (after === 0 ? { tools, next: 7 } : { tools: [] });

test('contradicted annotations have a page, in pages, with what both say and no accusation', async () => {
  const text = await (await get('/contradictions', { annotated })).text();
  expect(text).toContain('readOnlyHint: true');
  expect(text).toContain('looks safer than it reads');
  expect(text).not.toMatch(/<b>everything|\b(?:lie|lies|liar|fake|malicious|deceptive)\b/i);
  const next = /rel="next" href="([^"]+)"/.exec(text)![1]!;
  const last = await (await get(next, { annotated })).text();
  expect(last).toContain('None are known');
  expect(last).not.toContain('rel="next"');
  for (const cursor of ['x', '', 'MTo=', encodeURIComponent('../')])
    expect((await get(`/contradictions?cursor=${cursor}`, { annotated })).status).toBe(404);
});

test('and the API gives them with their evidence', async () => {
  const response = await get('/v1/contradictions', { annotated });
  const body = (await response.json()) as { contradictions: object[]; next: string };
  expect(body.contradictions).toMatchObject([
    {
      server: { id: server.id },
      tool: 'wipe',
      hint: 'readOnlyHint',
      declared: true,
      claims: 'safer',
      evidence: [{ quote: { text: 'Deletes' } }],
    },
  ]);
  expect((await get(`/v1/contradictions?cursor=${body.next}`, { annotated })).status).toBe(200);
  expect((await get('/v1/contradictions?cursor=zz', { annotated })).status).toBe(400);
});
