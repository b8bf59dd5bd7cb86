import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createApp } from '#api/app.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { runStages } from '#pipeline/stages.ts';
import { openWatched } from '#pipeline/watched.ts';
import { surroundings } from '#world.ts';
import { listen } from '../support/http-server.ts';
import { freshPostgres, postgresAnswers } from '../support/stores.ts';

const home = mkdtempSync(join(tmpdir(), 'plimsoll-watched-'));
afterAll(() => rmSync(home, { recursive: true }));

interface Sent {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

test('a run and the requests after it are seen: in metrics, in spans, in the log', async () => {
  const spans: Sent[] = [];
  await using collector = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    for (const { scopeSpans } of JSON.parse(body).resourceSpans)
      for (const scope of scopeSpans) spans.push(...scope.spans);
    response.end('{}');
  });
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
  await using store = postgresAnswers ? await freshPostgres() : undefined;
  const env = {
    PLIMSOLL_HOME: home,
    PLIMSOLL_METRICS: '127.0.0.1:0',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    ...(store && { DATABASE_URL: store.url }),
  };
  const said: string[] = [];
  const progress = { report: () => {}, say: () => {} };
  {
    await using world = await openWatched(surroundings(env, new AbortController().signal), (text) => said.push(text));
    await runStages(world, { stages: ['discover'], source: 'starter', progress });
    const app = createApp(catalogueOf(world.db), { observe: world.observe! });
    const id = encodeURIComponent('npm:@modelcontextprotocol/server-filesystem');
    expect((await app.request(`/v1/servers/${id}`)).status).toBe(200);
    expect((await app.request('/v1/servers/nobody')).status).toBe(404);
    expect((await app.request('/no/such/<page>')).status).toBe(404);
    const [, address] = /Metrics are on (http:\S+)/.exec(said.join('\n'))!;
    const text = await (await fetch(address!)).text();
    for (const line of [
      'plimsoll_jobs_total{stage="discover",outcome="done"} 1',
      'plimsoll_passes_total{source="starter",outcome="good"} 1',
      'plimsoll_queue_jobs{stage="discover",state="active"} 0',
      'plimsoll_source_failing{source="starter"} 0',
      'plimsoll_http_requests_total{method="GET",route="/v1/servers/:id",status="200"} 1',
      'plimsoll_http_requests_total{method="GET",route="/v1/servers/:id",status="404"} 1',
      'plimsoll_http_requests_total{method="GET",route="*",status="404"} 1',
    ])
      expect(text).toContain(line);
    expect(text).toMatch(/^plimsoll_listings_total\{source="starter"\} [1-9]/m);
    expect(text).not.toMatch(/server-filesystem|nobody|<page>/);
  }
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const run = spans.find(({ name }) => name === 'run discover')!;
  expect(spans.find(({ name }) => name === 'discover')!.links).toMatchObject([
    { traceId: run.traceId, spanId: run.spanId },
  ]);
  expect(spans.map(({ name }) => name)).toContain('GET /v1/servers/:id');
  const lines = readFileSync(join(home, 'plimsoll.log'), 'utf8').trim().split('\n').filter(Boolean);
  for (const line of lines) JSON.parse(line);
});
