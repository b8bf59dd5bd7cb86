import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openObserve } from '#observe/open.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

const bodies: string[] = [];
const collector = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  bodies.push(body);
  response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
});

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  process.env.OTEL_RESOURCE_ATTRIBUTES = 'deployment.environment=night';
});
afterAll(() => {
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  delete process.env.OTEL_RESOURCE_ATTRIBUTES;
  collector.close();
});

const SECRET = ['gh', 'p_', 'a1B2c3D4e5F6g7H8a1B2c3D4e5F6g7H8abcd'].join('');

test('a run, its jobs wherever they are done, and requests', async () => {
  const told = { traces: true, standing: async () => ({ depths: [], stalled: [], sources: [] }), onFailure: () => {} };
  let carried: Readonly<Record<string, string>> = {};
  {
    await using first = await openObserve({ ...told, traceOf: async () => undefined });
    await first.run('nightly', async () => {
      carried = first.carry();
    });
    expect(first.carry()).toEqual({});
  }
  {
    // Another process: it knows the run by its number alone.
    await using second = await openObserve({
      ...told,
      traceOf: async (run) => (run === 7 ? carried.traceparent : undefined),
    });
    await second.job({ stage: 'enumerate', subject: `npm:${SECRET}`, run: 7 }, async () => 'done');
    await second.job({ stage: 'classify', subject: 'npm:b', run: 7 }, async () => 'dead');
    await second.request(
      () => ({ method: 'GET', route: '/v1/servers/:id' }),
      async () => 503,
    );
    const failing = second.run('nightly', () => Promise.reject(new Error(`no ${SECRET}`)));
    await expect(failing).rejects.toThrow('no');
  }
  const sent = bodies.map((body) => JSON.parse(body));
  const spans: Span[] = sent.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap((one: { scopeSpans: { spans: Span[] }[] }) => one.scopeSpans.flatMap((scope) => scope.spans)),
  );
  const [run, enumerate, classify, request, failed] = spans;
  expect(spans.map(({ name }) => name)).toEqual([
    'run nightly',
    'enumerate',
    'classify',
    'GET /v1/servers/:id',
    'run nightly',
  ]);
  expect(carried.traceparent).toBe(`00-${run!.traceId}-${run!.spanId}-01`);
  for (const job of [enumerate!, classify!]) {
    expect(job.links).toMatchObject([{ traceId: run!.traceId, spanId: run!.spanId }]);
    expect(job.traceId).not.toBe(run!.traceId);
    expect(job.parentSpanId).toBeUndefined();
  }
  const said = Object.fromEntries(enumerate!.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
  expect(said).toEqual({
    'plimsoll.stage': 'enumerate',
    'plimsoll.subject': 'npm:[token]',
    'plimsoll.run': 7,
    'plimsoll.outcome': 'done',
  });
  expect([classify!.status.code, request!.status.code, failed!.status]).toEqual([
    2,
    2,
    { code: 2, message: 'no [token]' },
  ]);
  expect(JSON.stringify(sent)).toContain('deployment.environment');
  expect(bodies.join('')).not.toContain(SECRET);
});

test('a collector that is not there costs nothing but the spans', async () => {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:1';
  const told = { traces: true, standing: async () => ({ depths: [], stalled: [], sources: [] }), onFailure: () => {} };
  await using observe = await openObserve({ ...told, traceOf: () => Promise.reject(new Error('away')) });
  const job = { stage: 'enumerate', subject: 'a', run: 1 };
  expect(await observe.job(job, async () => 'done')).toBe('done');
});
