import { addSpending, type Spending } from '#store/night/nights.ts';
import type { World } from '#world.ts';
import { type Bench, liveBench } from './judge.ts';

/**
 * The bench of each run, for a worker that outlives runs: all workers of a run spend from one budget. Each learns what
 * the others have spent when it has asked about a server, so that the budget is passed by what they ask at one moment at
 * most.
 */
export function benches(
  world: Pick<World, 'db' | 'settings'>,
  wanted: boolean,
): (run: number | undefined) => Promise<Bench> {
  let present: { readonly run: number | undefined; readonly bench: Promise<Bench> } | undefined;
  return async (run) => {
    if (!present || present.run !== run) present = { run, bench: shared(world, wanted, run) };
    return present.bench;
  };
}

async function shared(
  { db, settings }: Pick<World, 'db' | 'settings'>,
  wanted: boolean,
  run: number | undefined,
): Promise<Bench> {
  const bench = liveBench(settings, wanted);
  if (!bench.judge || run === undefined) return bench;
  let told: Spending = { requests: 0, tokens: 0, dollars: 0 };
  const share = async () => {
    const { requests, tokens, dollars } = bench.spent();
    const own = { requests, tokens, dollars: dollars ?? 0 };
    const before = told;
    told = own;
    const all = await addSpending(db, run, {
      requests: own.requests - before.requests,
      tokens: own.tokens - before.tokens,
      dollars: own.dollars - before.dollars,
    });
    bench.elsewhere?.({ tokens: all.tokens - own.tokens, dollars: all.dollars - own.dollars });
  };
  await share();
  return { ...bench, share };
}
