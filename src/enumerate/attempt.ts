import { scrub } from '#core/text.ts';
import type { Attempt, Launch } from '#domain/launch.ts';
import type { Aid } from './aids.ts';
import { Broken, converse, type Heard } from './converse.ts';
import { givesFile } from './fakes.ts';
import type { Era } from './handshake.ts';
import { hookOf } from './hook.ts';
import { type Limits, withWholeBounds } from './limits.ts';
import { type Reports, readReports } from './reports.ts';
import { type Ending, type Running, type Sandbox, unheld } from './sandbox.ts';
import { type StdioTransport, stdioTransport } from './transport.ts';

/** One way to try: which rung of the ladder, with which arguments and variables. */
export interface Try {
  readonly rung: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly aids?: readonly Aid[];
}

export interface Tried {
  readonly attempt: Attempt;
  /** What it said, when it listed. */
  readonly heard?: Heard;
  /** Whether that was its handler's word, called in its process, rather than its own answer. */
  readonly hooked?: true;
  /** All that it wrote to a person: standard error, and standard output where that was no message. */
  readonly said: string;
  readonly reports: Reports;
  readonly cpuTime: number;
  /** `server/discover` may be what broke it: see `Broken`. */
  readonly byDiscover?: boolean;
}

type Failure = Pick<Attempt, 'phase' | 'reason' | 'detail'>;

/** Starts a server once and lists its tools. Every failure is data; rejects only with the reason of an aborted `stop`. */
export async function attempt(
  launch: Launch,
  one: Try,
  sandbox: Sandbox,
  options: {
    readonly limits: Limits;
    /** Milliseconds for all of it, where the limits of an attempt are more than is left. */
    readonly patience?: number;
    /** How to greet it; `server/discover` where nothing is known. */
    readonly era?: Era;
    /** Milliseconds until the handshake is answered, where that is known to take less than the limits allow. */
    readonly init?: number;
    readonly stage: string;
    readonly stop: AbortSignal;
  },
): Promise<Tried> {
  const { limits, stage, stop, patience = limits.attempt, init = limits.init } = options;
  const began = performance.now();
  let program: Running | undefined;
  const open = unheld(sandbox);
  const hasFile = ['node', 'python'].includes(launch.runtime) && givesFile(one);
  const aids: readonly Aid[] = [...(one.aids ?? []), ...(hasFile ? (['fake-file'] as const) : [])];
  const context = {
    args: one.args,
    envNames: Object.keys(one.env).sort(),
    sandbox: sandbox.id,
    profile: sandbox.profile(withWholeBounds(limits)),
    ...(open.length > 0 && { unheld: open }),
    ...(aids.length > 0 && { aids }),
  };
  let reports = (): Reports => ({ egress: [], listens: false });
  const ended = (more: object): Attempt => {
    const peakMemory = program?.peakMemory();
    const { egress } = reports();
    return {
      rung: one.rung,
      context,
      outcome: 'failed',
      ms: performance.now() - began,
      ...(peakMemory !== undefined && { peakMemory }),
      ...(egress.length > 0 && { egress }),
      ...more,
    };
  };
  stop.throwIfAborted();
  try {
    program = await sandbox.start(
      {
        runtime: launch.runtime,
        tree: launch.tree,
        entry: launch.entry,
        ...(launch.image !== undefined && { image: launch.image }),
        // First those that answer in the place of others, so that what notes sees the wish and not the answer.
        aids: [...aids, 'egress'],
        args: one.args,
        env: one.env,
      },
      limits,
      stage,
    );
  } catch (error) {
    const detail = scrub((error as Error).message);
    return {
      attempt: ended({ phase: 'sandbox', reason: 'sandbox', detail }),
      said: '',
      reports: reports(),
      cpuTime: 0,
    };
  }
  const told = readReports(program.stderr);
  reports = told.reports;
  const transport = stdioTransport({ ...program, stderr: told.rest }, limits);
  const hook = one.aids?.includes('sdk-hook') ? hookOf(transport, limits) : undefined;
  const halt = () => program?.kill();
  const deadline = setTimeout(halt, patience);
  stop.addEventListener('abort', halt, { once: true });
  try {
    stop.throwIfAborted();
    const { heard, hooked } = await hear(transport, { ...limits, init }, hook, options.era);
    const ms = performance.now() - began;
    // What it told on the way may be under way still.
    await transport.close();
    await program.ended;
    const stderr = clean(transport.stderr(), program, one);
    const { protocolVersion, listed } = heard;
    const more = { outcome: 'listed', ms, protocolVersion, toolCount: listed.length, ...(stderr && { stderr }) };
    const reason = heard.cut && { phase: 'list', reason: heard.cut };
    const cpuTime = program.cpuTime() ?? 0;
    const rest = { said: stderr, reports: reports(), cpuTime, ...(hooked && { hooked }) };
    return { attempt: ended({ ...more, ...reason }), heard, ...rest };
  } catch (error) {
    stop.throwIfAborted();
    if (!(error instanceof Broken)) throw error;
    const cpuTime = program.cpuTime() ?? 0;
    program.kill();
    const ending = await program.ended;
    const stderr = clean(transport.stderr(), program, one);
    const chatter = clean(transport.chatter(), program, one);
    const late = performance.now() - began >= patience;
    const failure = explain(error, ending, transport, stderr || chatter, late);
    return {
      attempt: ended({ ...failure, ...(stderr && { stderr }) }),
      said: [chatter, stderr].filter(Boolean).join('\n'),
      reports: reports(),
      cpuTime: Math.max(cpuTime, program.cpuTime() ?? 0),
      byDiscover: error.byDiscover,
    };
  } finally {
    clearTimeout(deadline);
    stop.removeEventListener('abort', halt);
    await transport.close();
    await program.ended;
  }
}

/** Its own answer, or its handler's where that is called first. Rejects with `Broken`. */
async function hear(
  transport: StdioTransport,
  limits: Limits,
  hook: Promise<Heard> | undefined,
  era: Era | undefined,
): Promise<Pick<Required<Tried>, 'heard'> & Pick<Tried, 'hooked'>> {
  const own = converse(transport, limits, era).then((heard) => ({ heard }));
  if (!hook) return own;
  // Whichever comes second is of no interest, nor how it fails.
  own.catch(() => {});
  return Promise.race([own, hook.then((heard) => ({ heard, hooked: true as const }))]);
}

/** What it wrote, without this machine's paths and without the values that we made up. */
function clean(text: string, { places }: Running, one: Try): string {
  const values = Object.entries(one.env).map(([name, value]) => [value, `[${name}]`] as const);
  return scrub(text, [...places, ...values.filter(([value]) => value.length > 5)]);
}

function explain(error: Broken, ending: Ending, transport: StdioTransport, stderr: string, late: boolean): Failure {
  const { phase } = error;
  const last = stderr.split('\n').findLast((line) => line.trim() !== '');
  const because = last === undefined ? '.' : `: ${last.trim().slice(0, 300)}`;
  const flooded = transport.flooded();
  if (flooded) return { phase, reason: 'flood', detail: `It wrote more to ${flooded} than it may.` };
  if (ending.stopped === 'memory') return { phase, reason: 'oom', detail: 'It used more memory than it may.' };
  if (ending.stopped === 'disk') return { phase, reason: 'disk', detail: 'It wrote more to disk than it may.' };
  if (error.reason === 'timeout' || late)
    return { phase, reason: 'timeout', detail: `It gave no answer in time${because}` };
  if (error.reason === 'closed') {
    const how = ending.code === null ? `by ${ending.signal}` : `with code ${ending.code}`;
    const start = phase === 'handshake' ? ({ phase: 'start' } as const) : { phase };
    return { ...start, reason: 'exited', detail: `It ended ${how}${because}` };
  }
  return { phase, reason: 'protocol', detail: scrub(error.message).slice(0, 500) };
}
