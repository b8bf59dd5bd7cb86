import type { Attempt, Enumeration, Launch } from '#domain/launch.ts';
import { attempt, type Tried } from './attempt.ts';
import { namedIn } from './fakes.ts';
import { ladder } from './ladder.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { Sandbox } from './sandbox.ts';
import { readTools } from './tools.ts';

/** Phases in the order in which an attempt goes through them: a failure further on tells more. */
const ORDER = ['sandbox', 'start', 'handshake', 'list'];
const CREDENTIALS =
  /\b(api[ _-]?key|access[ _-]?token|auth[ _-]?token|bearer|credentials?|unauthori[sz]ed|not authenticated|authentication|log ?in required|client[ _-]?secret|personal access token|401|403)\b/i;

/**
 * Starts a server in the sandbox, trying harder rung by rung until it lists its tools or the bounds are reached.
 * However it ends, the end is data; rejects only for bugs and with the reason of an aborted `stop`.
 */
export async function enumerate(
  launch: Launch,
  sandbox: Sandbox,
  options: { readonly stage: string; readonly stop: AbortSignal; readonly limits?: Partial<Limits> },
): Promise<Enumeration> {
  const limits = { ...LIMITS, ...options.limits };
  const began = performance.now();
  const attempts: Attempt[] = [];
  let cpuTime = 0;
  const steps = ladder(launch);
  let step = steps.next();
  while (!step.done) {
    const patience = Math.min(limits.attempt, limits.total - (performance.now() - began));
    const tried = await attempt(launch, step.value, sandbox, { ...options, limits, patience });
    attempts.push(tried.attempt);
    cpuTime += tried.cpuTime;
    if (tried.heard) return listed(tried as Required<Tried>, attempts, limits, performance.now() - began);
    const spent = performance.now() - began >= limits.total || cpuTime >= limits.cpuTime;
    if (spent || attempts.length >= limits.attempts) break;
    step = steps.next({ tried: step.value, reason: tried.attempt.reason ?? '', stderr: complaint(tried.attempt) });
  }
  return failed(launch, attempts, performance.now() - began);
}

function listed(tried: Required<Tried>, attempts: readonly Attempt[], limits: Limits, ms: number): Enumeration {
  const { listed: raw, cut, ...facts } = tried.heard;
  const { tools, rejections } = readTools(raw, limits);
  const toolCount = tools.length;
  return {
    outcome: 'listed',
    ...(cut && { phase: 'list', reason: cut, detail: 'The list was cut off: it did not come to an end.' }),
    wants: [],
    tools,
    rejections,
    attempts: [...attempts.slice(0, -1), { ...tried.attempt, toolCount }],
    context: tried.attempt.context,
    ...facts,
    ms,
  };
}

/** What an attempt's server said was wrong: on standard error, or in its answer. */
function complaint({ reason, detail, stderr = '' }: Attempt): string {
  return reason === 'protocol' && detail ? `${stderr}\n${detail}` : stderr;
}

function failed(launch: Launch, attempts: readonly Attempt[], ms: number): Enumeration {
  const best = attempts.reduce((a, b) => (ORDER.indexOf(b.phase ?? '') > ORDER.indexOf(a.phase ?? '') ? b : a));
  const said = attempts.map(complaint).join('\n');
  const wants = [...namedIn(said, launch.inputs).keys()];
  const asks = ['exited', 'protocol'].includes(best.reason ?? '') && (wants.length > 0 || CREDENTIALS.test(said));
  const { phase, reason, detail } = asks ? attempts[0]! : best;
  return {
    outcome: asks ? 'wants-credentials' : 'failed',
    ...(phase && { phase }),
    ...(reason && { reason }),
    ...(detail && { detail }),
    wants: asks ? wants : [],
    tools: [],
    rejections: [],
    attempts,
    ms,
  };
}
