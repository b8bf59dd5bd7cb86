import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program, Running, Sandbox } from '#enumerate/sandbox.ts';
import type { Resolver } from '#launch/resolver.ts';
import type { Visiting } from '#pipeline/visit.ts';
import { numberOf, simulated } from './field.ts';

/** Milliseconds that visits of a process would really have taken, had they not been simulated. */
export const spared = { asks: 0, installs: 0, starts: 0, cpu: 0, visits: 0, started: 0, installed: 0 };

/**
 * Visits to the simulated field, in place of a registry, an installer and a sandbox: each waits as long as a real one
 * took, divided by `scale`, and what is started speaks the protocol in this process. All else is the pipeline's own.
 */
export function simulatedVisits(night: number, scale: number, stage: string): Visiting {
  const wait = async (ms: number, what: 'asks' | 'installs' | 'starts') => {
    spared[what] += ms;
    await sleep(ms / scale);
  };
  const npm: Resolver = {
    id: 'npm',
    purlType: 'npm',
    async current({ purl }) {
      const { cold, version } = simulated(numberOf(purl), night);
      await wait(cold.asked, 'asks');
      if (cold.attempts === 0 && !cold.install) return refusal('resolve', cold.reason);
      return { purl, name: purl, version, integrity: `sha512-${version}` };
    },
    async install({ purl }) {
      const { cold } = simulated(numberOf(purl), night);
      spared.installed++;
      spared.cpu += cold.install?.cpu ?? 0;
      await wait(cold.install?.ms ?? 0, 'installs');
      if (cold.attempts === 0) return refusal('install', cold.reason);
      return { tree: '', bytes: cold.install?.bytes ?? 0, reused: false };
    },
    fetchPackage: async () => refusal('install', 'not-found'),
    launches: async (artefact, tree) => [
      { resolver: 'npm', artefact, runtime: 'node', tree, entry: artefact.purl, args: [], inputs: [] },
    ],
  };
  const sandbox: Sandbox = {
    id: 'simulated',
    title: 'no sandbox: nothing is started',
    strength: 0,
    runs: ['node'],
    holds: {},
    profile: () => 'simulated',
    refuses: async () => undefined,
    start: async (program) => started(program, night, (ms) => wait(ms, 'starts')),
  };
  return { resolvers: [npm], sandbox, stage, installing: { home: stage, stage }, force: false };
}

function refusal(phase: 'resolve' | 'install', reason = 'failed') {
  return { phase, reason, detail: 'As a real package did.', temporary: false };
}

/** A server that answers as a real one did, or ends as it did. */
function started({ entry }: Program, night: number, wait: (ms: number) => Promise<void>): Running {
  const { warm, tools } = simulated(numberOf(entry), night);
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let over = () => {};
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const end = () => {
    stdout.end();
    stderr.end();
    over();
  };
  spared.started++;
  // One that lists is started once here, and takes as long as all the starts of a real one.
  const starts = warm.outcome === 'listed' ? 1 : Math.max(1, warm.attempts);
  spared.cpu += warm.cpu / starts;
  const ready = wait(warm.ms / starts);
  const answers: Readonly<Record<string, object>> = {
    initialize: {
      protocolVersion: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: entry, version: '1' },
    },
    'tools/list': { tools },
  };
  void ready.then(() => {
    if (warm.outcome === 'listed') return;
    stderr.write(warm.outcome === 'wants-credentials' ? 'Error: API_KEY is required\n' : 'Error: it cannot start\n');
    end();
  });
  createInterface({ input: stdin }).on('line', async (line) => {
    const { id, method } = JSON.parse(line) as { id?: number; method: string };
    await ready;
    if (id === undefined || stdout.writableEnded) return;
    const result = answers[method];
    const said = result ? { result } : { error: { code: -32601, message: 'Method not found' } };
    stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...said })}\n`);
  });
  const none = () => undefined;
  return {
    ...{ stdin, stdout, stderr, places: [], kill: end, cpuTime: none, peakMemory: none },
    ended: ended.then(() => ({ code: 1, signal: null })),
  };
}
