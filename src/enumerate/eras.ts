import type { Launch } from '#domain/launch.ts';
import { attempt, type Tried, type Try } from './attempt.ts';
import { namedIn } from './fakes.ts';
import { type Era, eraOf } from './handshake.ts';
import type { Reports } from './reports.ts';
import type { Sandbox } from './sandbox.ts';

/** Ends that another greeting cannot change. */
const FINAL = ['sandbox', 'flood', 'oom', 'disk'];

/** What came of a try, and how the server's next start had better begin. */
export interface Greeted {
  readonly tried: Tried;
  readonly era: Era;
}

/** Share of its time that a server spends on the processor while it is getting ready, rather than waiting for something. */
const BUSY = 0.5;

/**
 * Starts a server, and once more with `initialize` where it died of `server/discover`, fell silent over it or lost its
 * way. One that is silent because it listens elsewhere, or waits for an answer from outside, is not asked again: no
 * greeting changes that, and waiting is what costs most. Promises what `attempt` does; the two starts are one attempt,
 * which took the time of both.
 */
export async function attemptInEras(
  launch: Launch,
  one: Try,
  sandbox: Sandbox,
  options: Parameters<typeof attempt>[3],
): Promise<Greeted> {
  const { limits, patience = limits.attempt, era = 'discover' } = options;
  const first = await attempt(launch, one, sandbox, options);
  if (!first.byDiscover || FINAL.includes(first.attempt.reason ?? '') || saysWhy(launch, one, first))
    return { tried: first, era: eraOf(first.heard?.protocolVersion) ?? era };
  const left = patience - first.attempt.ms;
  if (left <= 0 || (isIdle(first) && waits(first.reports))) return { tried: first, era: 'initialize' };
  const second = await attempt(launch, one, sandbox, {
    ...options,
    era: 'initialize',
    patience: left,
    // What was up and idle when it was first asked will be so again, and soon.
    ...(isIdle(first) && { init: limits.init / 2 }),
  });
  const ms = first.attempt.ms + second.attempt.ms;
  const tried = { ...second, attempt: { ...second.attempt, ms }, cpuTime: first.cpuTime + second.cpuTime };
  return { tried, era: 'initialize' };
}

/** Whether it said nothing although it had nothing else to do. */
function isIdle({ attempt: { phase, reason, ms }, cpuTime }: Tried): boolean {
  return phase === 'handshake' && reason === 'timeout' && cpuTime < BUSY * ms;
}

function waits({ listens, egress }: Reports): boolean {
  return listens || egress.length > 0;
}

/** Whether it ended for want of a variable that it was not given: it would have without `server/discover` as well. */
function saysWhy({ inputs }: Launch, { env }: Try, { attempt: { reason }, said }: Tried): boolean {
  return reason === 'exited' && [...namedIn(said, inputs).keys()].some((name) => env[name] === undefined);
}
