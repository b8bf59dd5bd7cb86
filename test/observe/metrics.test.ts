import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { listenForMetrics } from '#observe/listen.ts';
import { openMetrics, type Standing } from '#observe/metrics.ts';
import { UNOBSERVED } from '#observe/observe.ts';
import { openObserve } from '#observe/open.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

const standing: Standing = {
  depths: [
    { stage: 'enumerate', ready: 3, delayed: 1, active: 2, dead: 4, oldest: new Date(Date.now() - 60_000) },
    { stage: 'classify', ready: 0, delayed: 0, active: 0, dead: 0 },
  ],
  stalled: [{ stage: 'classify', since: new Date(Date.now() - 1_800_000) }],
  sources: [
    { id: 'npm', listings: 1200, lastGood: new Date('2026-11-20T02:00:00Z'), error: null },
    { id: 'docker', listings: null, lastGood: null, error: 'no' },
  ],
  night: { began: new Date('2026-11-20T02:00:00Z'), ended: new Date('2026-11-20T03:00:00Z'), broken: 2 },
};

/** The samples of a text in Prometheus's format: name with labels → value. Throws on a line that is none. */
function samples(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = /^([a-z_\d]+(?:\{(?:[a-z_]+="[^"\\\n]*",?)*\})?) (\S+)$/i.exec(line) ?? [];
    if (name === undefined) throw new Error(`no sample: ${line}`);
    found.set(name, Number(value));
  }
  return found;
}

test('every stage is counted, by words of ours', async () => {
  const metrics = openMetrics(async () => standing);
  const job = (stage: string, subject: string) => ({ stage, subject, run: 1 });
  await metrics.job(job('enumerate', 'npm:evil"} 1\nplimsoll_jobs_total{stage="x'), async () => 'done');
  await metrics.job(job('enumerate', 'b'), async () => 'later');
  await expect(metrics.job(job('classify', 'b'), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  metrics.visit('listed', null, 'bubblewrap');
  metrics.visit('failed', 'start', 'bubblewrap');
  metrics.install('npm', 'installed', 2);
  metrics.install('npm', 'reused', 0);
  metrics.pass('npm', 1200, false);
  metrics.judge({ requests: 2, tokens: 500, faults: 1 });
  metrics.judge({ requests: 3, tokens: 700, faults: 1 });
  // The next run's judge begins anew.
  metrics.judge({ requests: 1, tokens: 100, faults: 0 });
  metrics.pages(10, 5, 1);
  const seen = () => ({ method: 'GET', route: '/v1/servers/:id' });
  expect(await metrics.request(seen, async () => 404)).toBe(404);
  await metrics.request(
    () => ({ method: 'B\nAD', route: '/' }),
    async () => 405,
  );
  const text = await metrics.text();
  expect(text).not.toContain('evil');
  const found = samples(text);
  expect(
    Object.fromEntries([...found].filter(([name]) => name.startsWith('plimsoll_') && !/_(?:bucket|sum)/.test(name))),
  ).toMatchObject({
    'plimsoll_jobs_total{stage="enumerate",outcome="done"}': 1,
    'plimsoll_jobs_total{stage="enumerate",outcome="later"}': 1,
    'plimsoll_jobs_total{stage="classify",outcome="failed"}': 1,
    'plimsoll_jobs_running{stage="classify"}': 0,
    'plimsoll_visits_total{outcome="failed",phase="start",sandbox="bubblewrap"}': 1,
    'plimsoll_installs_total{kind="npm",outcome="reused"}': 1,
    'plimsoll_install_seconds_count{kind="npm"}': 1,
    'plimsoll_listings_total{source="npm"}': 1200,
    plimsoll_judge_requests_total: 4,
    plimsoll_judge_tokens_total: 800,
    plimsoll_judge_faults_total: 1,
    'plimsoll_files_total{outcome="written"}': 10,
    'plimsoll_http_requests_total{method="GET",route="/v1/servers/:id",status="404"}': 1,
    'plimsoll_http_requests_total{method="other",route="/",status="405"}': 1,
    'plimsoll_queue_jobs{stage="enumerate",state="dead"}': 4,
    'plimsoll_queue_jobs{stage="classify",state="ready"}': 0,
    'plimsoll_source_failing{source="docker"}': 1,
    'plimsoll_source_listings{source="npm"}': 1200,
    plimsoll_night_seconds: 3600,
    plimsoll_night_broken_jobs: 2,
  });
  expect(found.get('plimsoll_queue_oldest_seconds{stage="enumerate"}')).toBeGreaterThanOrEqual(60);
  expect(found.get('plimsoll_stage_unserved_seconds{stage="enumerate"}')).toBe(0);
  expect(found.get('plimsoll_stage_unserved_seconds{stage="classify"}')).toBeGreaterThanOrEqual(1800);
  expect(found.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
});

test('they are answered at their own address, and nothing else is', async () => {
  const failures: string[] = [];
  let broken = false;
  const metrics = openMetrics(async () => {
    if (broken) throw new Error('postgres://app:hunter2@db is away');
    return standing;
  });
  const listening = await listenForMetrics(metrics, { host: '127.0.0.1', port: 0 }, ({ message }) =>
    failures.push(message),
  );
  open.push(listening);
  const at = `http://127.0.0.1:${listening.port}`;
  const good = await fetch(`${at}/metrics`);
  expect(good.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(samples(await good.text()).size).toBeGreaterThan(20);
  expect((await fetch(`${at}/`)).status).toBe(404);
  expect((await fetch(`${at}/metrics`, { method: 'POST' })).status).toBe(405);
  broken = true;
  const away = await fetch(`${at}/metrics`);
  expect([away.status, await away.text()]).toEqual([503, 'The database cannot be asked.\n']);
  expect(failures).toEqual(['postgres://app:hunter2@db is away']);
});

test('nobody looks where nobody asked, and a port that is taken stops nobody', async () => {
  const asked = { standing: async () => standing, traceOf: async () => undefined, traces: false };
  const failures: string[] = [];
  const onFailure = ({ message }: Error) => void failures.push(message);
  expect(await openObserve({ ...asked, onFailure })).toBe(UNOBSERVED);
  let port = 0;
  const metrics = { host: '127.0.0.1', port: 0 };
  open.push(
    await openObserve({
      ...asked,
      metrics,
      onFailure,
      onListening(at) {
        port = at;
      },
    }),
  );
  const second = await openObserve({ ...asked, metrics: { ...metrics, port }, onFailure });
  open.push(second);
  expect(failures).toEqual([expect.stringMatching(/^metrics are not to be had: .*EADDRINUSE/)]);
  expect(await second.job({ stage: 'x', subject: 'y', run: undefined }, async () => 'done')).toBe('done');
});

test('the libraries of those who look are loaded where somebody asks, and nowhere else', () => {
  const root = join(import.meta.dirname, '../..');
  const heavy = ['src/observe/metrics.ts', 'src/observe/traces.ts', 'src/observe/listen.ts'];
  const loads = globSync('{src,jobs}/**/*.ts', { cwd: root }).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const needs = [...text.matchAll(/^(?:import|export) (?!type)[^;]*?from '([^']+)'/gm)].map(([, target]) => target!);
    const found = needs.filter(
      (one) =>
        /^prom-client$|^@opentelemetry\//.test(one) || /(?:observe|\.)\/(?:metrics|traces|listen)\.ts$/.test(one),
    );
    return found.length > 0 ? [file] : [];
  });
  expect(loads.filter((file) => !heavy.includes(file))).toEqual([]);
  expect(loads).toEqual(expect.arrayContaining(['src/observe/metrics.ts', 'src/observe/traces.ts']));
});
