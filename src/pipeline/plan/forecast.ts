import { REASONS, type Reason } from '#domain/freshness.ts';

/** What one visit costs on average. Milliseconds; `cpu` of processors, else of the clock. */
export interface Costs {
  /** Asking what is the newest version. */
  readonly ask: number;
  /** One visit apart from installing: starting the server until it lists, as often as that takes. */
  readonly visit: number;
  readonly visitCpu: number;
  readonly starts: number;
  readonly install: number;
  readonly installCpu: number;
  /** Bytes that an install downloads, and that its tree takes. */
  readonly fetched: number;
  readonly tree: number;
  /** Storing one visit and judging what it listed by the rules. */
  readonly ownCpu: number;
  readonly tools: number;
  /** Of servers of which nothing is known to be new, how many have a new version each day. */
  readonly changing: number;
}

/** What a judge costs: requests and tokens for one tool. `dollars` for a million tokens in and out, where it is known. */
export interface JudgeCosts {
  readonly requests: number;
  readonly input: number;
  readonly output: number;
  readonly price?: { readonly input: number; readonly output: number } | undefined;
}

export interface Given {
  readonly waiting: Readonly<Record<Reason, number>>;
  /** At most so many servers are taken up; 0 for all. */
  readonly limit: number;
  readonly costs: Costs;
  readonly judge?: (JudgeCosts & { readonly tokens: number; readonly dollars?: number | undefined }) | undefined;
  /** Servers whose tools wait to be judged already. */
  readonly unjudged: number;
  /** Bytes of installed trees that are kept. */
  readonly kept: number;
  /** Of one worker: launches at once and processors. */
  readonly atOnce: number;
  readonly processors: number;
}

export interface Forecast {
  /** Servers by reason, and how many of them this night takes up. */
  readonly servers: Readonly<Record<Reason, { readonly waiting: number; readonly taken: number }>>;
  /** Questions to registries for a newest version. */
  readonly asked: number;
  /** How many of those of which nothing is known to be new have a new version all the same. */
  readonly surprises: number;
  readonly visits: number;
  readonly starts: number;
  readonly installs: { readonly packages: number; readonly bytes: number; readonly cpuSeconds: number };
  readonly tools: number;
  readonly judge: {
    readonly tools: number;
    readonly requests: number;
    readonly tokens: number;
    readonly dollars: number | null;
    /** The budget of a run ends before that. */
    readonly beyondBudget: boolean;
  } | null;
  readonly cpuSeconds: number;
  /** The same work one thing after the other. */
  readonly seconds: number;
  readonly wall: readonly {
    readonly workers: number;
    readonly seconds: number;
    readonly bound: 'processors' | 'launches';
  }[];
}

const WORKERS = [1, 2, 4, 8, 16, 64];

/** What a night would cost, worked out from averages; docs/nights.md tells the arithmetic. */
export function forecast(given: Given): Forecast {
  const { waiting, limit, costs, judge, atOnce, processors } = given;
  const servers = takenUp(waiting, limit);
  const taken = (...reasons: readonly Reason[]) => reasons.reduce((sum, one) => sum + servers[one].taken, 0);
  const asked = taken('requested', 'changed', 'new', 'weekly', 'retry', 'unchanged');
  const surprises = taken('unchanged') * costs.changing;
  const fresh = taken('changed', 'new') + surprises;
  const again = taken('requested', 'weekly', 'retry');
  const visits = fresh + again;
  const all = REASONS.reduce((sum, one) => sum + waiting[one], 0);
  // Trees that had to make room for others are fetched again.
  const lost = all === 0 ? 0 : Math.max(0, 1 - given.kept / (all * costs.tree));
  const packages = fresh + again * lost;
  const cpu = visits * (costs.visitCpu + costs.ownCpu) + packages * costs.installCpu;
  const clock = asked * costs.ask + visits * costs.visit + packages * costs.install;
  const heard = (fresh + given.unjudged) * costs.tools;
  return {
    servers,
    asked,
    surprises: Math.round(surprises),
    visits: Math.round(visits),
    starts: Math.round(visits * costs.starts),
    installs: {
      packages: Math.round(packages),
      bytes: Math.round(packages * costs.fetched),
      cpuSeconds: seconds(packages * costs.installCpu),
    },
    tools: Math.round(visits * costs.tools),
    judge: judge ? judged(heard, judge) : null,
    cpuSeconds: seconds(cpu),
    seconds: seconds(clock),
    wall: WORKERS.map((workers) => {
      const ways = { processors: cpu / (workers * processors), launches: clock / (workers * atOnce) };
      const bound = ways.processors > ways.launches ? 'processors' : 'launches';
      return { workers, seconds: seconds(ways[bound]), bound };
    }),
  };
}

/** The most urgent first, as far as the limit goes; what is gone is never taken up. */
function takenUp(waiting: Given['waiting'], limit: number): Forecast['servers'] {
  let left = limit || Number.POSITIVE_INFINITY;
  const rows = REASONS.map((reason) => {
    const taken = reason === 'gone' ? 0 : Math.min(waiting[reason], left);
    left -= taken;
    return [reason, { waiting: waiting[reason], taken }] as const;
  });
  return Object.fromEntries(rows) as Forecast['servers'];
}

function judged(tools: number, judge: NonNullable<Given['judge']>): NonNullable<Forecast['judge']> {
  const { price } = judge;
  const [input, output] = [tools * judge.input, tools * judge.output];
  const dollars = price ? (input * price.input + output * price.output) / 1e6 : null;
  return {
    tools: Math.round(tools),
    requests: Math.ceil(tools * judge.requests),
    tokens: Math.round(input + output),
    dollars: dollars === null ? null : Math.round(dollars * 100) / 100,
    beyondBudget: input + output > judge.tokens || (dollars ?? 0) > (judge.dollars ?? Number.POSITIVE_INFINITY),
  };
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
