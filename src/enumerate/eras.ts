import type { Launch } from '#domain/launch.ts';
import { attempt, type Tried, type Try } from './attempt.ts';
import { namedIn } from './fakes.ts';
import { type Era, eraOf } from './handshake.ts';
import type { Sandbox } from './sandbox.ts';

/** Ends that another greeting cannot change. */
const FINAL = ['sandbox', 'flood', 'oom', 'disk'];

/** What came of a try, and how the server's next start had better begin. */
export interface Greeted {
  readonly tried: Tried;
  readonly era: Era;
}

/**
 * Starts a server, and once more with `initialize` where it died of `server/discover`, fell silent over it or lost its
 * way. Promises what `attempt` does; the two starts are one attempt, which took the time of both.
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
  if (left <= 0) return { tried: first, era: 'initialize' };
  const second = await attempt(launch, one, sandbox, { ...options, era: 'initialize', patience: left });
  const ms = first.attempt.ms + second.attempt.ms;
  const tried = { ...second, attempt: { ...second.attempt, ms }, cpuTime: first.cpuTime + second.cpuTime };
  return { tried, era: 'initialize' };
}

/** Whether it ended for want of a variable that it was not given: it would have without `server/discover` as well. */
function saysWhy({ inputs }: Launch, { env }: Try, { attempt: { reason }, said }: Tried): boolean {
  return reason === 'exited' && [...namedIn(said, inputs).keys()].some((name) => env[name] === undefined);
}
