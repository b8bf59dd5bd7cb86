import type { Attempt, Enumeration, Launch } from '#domain/launch.ts';
import type { Tried, Try } from './attempt.ts';
import type { Heard } from './converse.ts';
import { asksForCredentials } from './credentials.ts';
import { attemptInEras } from './eras.ts';
import { allFakes, FAKE_HOST, namedIn } from './fakes.ts';
import type { Era } from './handshake.ts';
import { ladder } from './ladder.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { Reports } from './reports.ts';
import type { Sandbox } from './sandbox.ts';
import { toolTokens } from './tool-tokens.ts';
import { readTools } from './tools.ts';
import { unite } from './union.ts';

/** Phases in the order in which an attempt goes through them: a failure further on tells more. */
const ORDER = ['sandbox', 'start', 'handshake', 'list'];

interface Options {
  readonly stage: string;
  readonly stop: AbortSignal;
  readonly limits?: Partial<Limits>;
  /** How it wanted to be greeted the last time. */
  readonly era?: Era | undefined;
  /** Variables with values of the user's own, given from the first start on; they are named in results and never told. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Told after each attempt the milliseconds of CPU time that it took: a package may have several ways to start. */
  readonly spent?: (cpuTime: number) => void;
}

/** What was tried so far, and trying once more within what is left of the bounds. */
interface Visit {
  readonly tried: readonly Tried[];
  spent(): boolean;
  /** Milliseconds since it began. */
  ms(): number;
  try(one: Try): Promise<Tried>;
}

function visitOf(launch: Launch, sandbox: Sandbox, limits: Limits, options: Options): Visit {
  const began = performance.now();
  const tried: Tried[] = [];
  let cpuTime = 0;
  let { era = 'discover' } = options;
  const ms = () => performance.now() - began;
  return {
    tried,
    ms,
    spent: () => ms() >= limits.total || cpuTime >= limits.cpuTime,
    async try(one) {
      const patience = Math.min(limits.attempt, limits.total - ms());
      const came = await attemptInEras(launch, one, sandbox, { ...options, limits, patience, era });
      era = came.era;
      tried.push(came.tried);
      cpuTime += came.tried.cpuTime;
      options.spent?.(came.tried.cpuTime);
      return came.tried;
    },
  };
}

/**
 * Starts a server in the sandbox, trying harder rung by rung until it lists its tools or the bounds are reached; one
 * that lists is started once more with all variables that it may know, for the tools that show only then.
 * However it ends, the end is data; rejects only for bugs and with the reason of an aborted `stop`.
 */
export async function enumerate(launch: Launch, sandbox: Sandbox, options: Options): Promise<Enumeration> {
  const limits = { ...LIMITS, ...options.limits };
  const visit = visitOf(launch, sandbox, limits, options);
  const steps = ladder(launch, limits.attempts, options.env);
  let step = steps.next();
  while (!step.done) {
    const tried = await visit.try(step.value);
    if (tried.heard && believed(tried.heard, step.value))
      return listed(launch, step.value, tried as Listed, visit, limits);
    if (visit.spent() || visit.tried.length >= limits.attempts) break;
    const { phase = '', reason = '' } = tried.attempt;
    step = steps.next({ tried: step.value, phase, reason, said: complaint(tried), reports: tried.reports });
  }
  return failed(launch, visit);
}

/** What was kept from giving up, or answered with nothing by a made-up network, may well show nothing. */
function believed({ listed }: Heard, { aids = [] }: Try): boolean {
  return listed.length > 0 || !aids.some((aid) => aid === 'sdk-hook' || aid === 'network-stub');
}

type Listed = Tried & Pick<Required<Tried>, 'heard'>;

async function listed(launch: Launch, way: Try, first: Listed, visit: Visit, limits: Limits): Promise<Enumeration> {
  const { listed: raw, cut, ...facts } = first.heard;
  const { tools: little, rejections } = readTools(raw, limits);
  const env = { ...allFakes(launch.inputs), ...way.env };
  const fuller = Object.keys(env).length > Object.keys(way.env).length && !cut && !visit.spent();
  const full = fuller ? await visit.try({ ...way, rung: 'full', env }) : undefined;
  // A list that was cut off says nothing about what it lacks.
  const more = full?.heard && !full.heard.cut ? readTools(full.heard.listed, limits).tools : undefined;
  const base = { tools: little, context: first.attempt.context };
  const union = more && unite(base, { tools: more, context: full!.attempt.context }, limits.tools);
  const { tools, context } = union ?? base;
  const tokens = await toolTokens(tools);
  const counts = new Map([
    [first, little.length],
    [full, more?.length],
  ]);
  return {
    outcome: 'listed',
    ...(cut && { phase: 'list', reason: cut, detail: 'The list was cut off: it did not come to an end.' }),
    wants: [],
    tools,
    rejections,
    attempts: visit.tried.map((one) => counted(one.attempt, counts.get(one))),
    context,
    provenance: first.hooked ? 'hook' : 'listed',
    ...facts,
    ...(union && union.gates.length > 0 && { gates: union.gates }),
    ...(tokens !== undefined && { tokens }),
    ms: visit.ms(),
  };
}

function counted(attempt: Attempt, toolCount: number | undefined): Attempt {
  return toolCount === undefined ? attempt : { ...attempt, toolCount };
}

/** What an attempt's server said was wrong: to a person, or in its answer. */
function complaint({ attempt: { reason, detail }, said }: Tried): string {
  return reason === 'protocol' && detail ? `${said}\n${detail}` : said;
}

function failed(launch: Launch, visit: Visit): Enumeration {
  const attempts = visit.tried.map((one) => one.attempt);
  const rank = (one: Attempt) => ORDER.indexOf(one.phase ?? '');
  const best = attempts.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const said = visit.tried.map(complaint).join('\n');
  const wants = [...namedIn(said, launch.inputs).keys()];
  const asks = ['exited', 'protocol'].includes(best.reason ?? '') && (wants.length > 0 || asksForCredentials(said));
  const proxy = proxyTo(visit.tried.map((one) => one.reports));
  const { phase, reason, detail } = proxy
    ? { phase: best.phase, reason: 'remote-proxy', detail: `It passes on what it is asked to ${proxy}.` }
    : asks
      ? attempts[0]!
      : best;
  const wanting = asks && proxy === undefined;
  return {
    outcome: wanting ? 'wants-credentials' : 'failed',
    ...(phase && { phase }),
    ...(reason && { reason }),
    ...(detail && { detail }),
    wants: wanting ? wants : [],
    tools: [],
    rejections: [],
    attempts,
    ms: visit.ms(),
  };
}

/** The host that a mere proxy passes things on to: where it went by itself, before that was made up as well. */
function proxyTo(all: readonly Reports[]): string | undefined {
  const hosts = all.flatMap(({ egress, proxy }) => [...egress.map(({ host }) => host), ...(proxy ? [proxy] : [])]);
  if (!all.some(({ proxy }) => proxy !== undefined)) return undefined;
  return hosts.find((host) => host !== FAKE_HOST) ?? 'whatever address it is given';
}
