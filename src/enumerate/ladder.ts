import type { Launch } from '#domain/launch.ts';
import type { Aid } from './aids.ts';
import type { Try } from './attempt.ts';
import { asksForCredentials } from './credentials.ts';
import { allFakes, namedIn } from './fakes.ts';
import type { Reports } from './reports.ts';
import { stdioArguments, usageArguments } from './usage.ts';

/** What the last attempt left behind: its end, what it wrote, and what the aids told. */
export interface Last {
  readonly tried: Try;
  readonly phase: string;
  readonly reason: string;
  readonly said: string;
  readonly reports: Reports;
}

/** Rounds of asking with what standard error named. */
const ROUNDS = 4;
/** Tries kept for the rungs that change what is around the server rather than what is given to it. */
const KEPT = 3;
/** Ends that nothing which is given to a server will change. */
const HOPELESS = new Set(['oom', 'flood', 'disk', 'sandbox']);
const UNLOADED =
  /ERR_MODULE_NOT_FOUND|ERR_UNSUPPORTED_DIR_IMPORT|ERR_PACKAGE_PATH_NOT_EXPORTED|Cannot find (module|package) '[^']*' imported from|Unable to load \S+ imported from|Unexpected identifier 'assert'|TYPE_STRIPPING|ERR_DLOPEN_FAILED|Could not locate the bindings file|No native build was found|\.node'/;
const UNKNOWN = /(unknown|unrecogni[sz]ed|unexpected|invalid|too many) (option|argument|flag|command)/i;
const USAGE = /^\s*usage:/im;
const UNREACHED = /EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|ETIMEDOUT|fetch failed|getaddrinfo|Requires net access/;

type Step = Generator<Try, Last, Last>;

/**
 * The ladder of sandbox.md §2.2, one try after the other, each chosen by what the one before said, at most `most`:
 * S0 nothing; S1 the variables that it asks for, least first; S2 the arguments that its usage names; S4 arguments by
 * which others speak over standard streams, and subcommands of its own; S3 all variables that its README and source
 * name, without those that it then blames; S6 over HTTP where it listens; S7 with a network that answers; S8 its own
 * handler, called; S9 with modules found whose ending is missing, and native parts that were not built stood in for.
 * `own` are variables that are given from the first try on, and that nothing made up takes the place of.
 */
export function* ladder(
  launch: Launch,
  most: number,
  own: Readonly<Record<string, string>> = {},
): Generator<Try, void, Last> {
  const { inputs } = launch;
  let [used, args, env]: [number, readonly string[], Readonly<Record<string, string>>] = [0, launch.args, own];
  const aids = new Set<Aid>();
  const given = new Set<string>();
  function* once(rung: string): Step {
    used++;
    return yield { rung, args, env, ...(aids.size > 0 && { aids: [...aids] }) };
  }
  /** What surrounds it is changed as soon as it shows that this is what it lacks: nothing given to it would help. */
  function* next(rung: string): Step {
    let last = yield* once(rung);
    if (launch.runtime !== 'node' || over(last)) return last;
    if (UNLOADED.test(last.said) && !aids.has('resolve-fix')) {
      aids.add('resolve-fix');
      last = yield* once('S9');
    }
    if (last.reports.listens && last.reason === 'timeout' && !aids.has('http-bridge')) {
      aids.add('http-bridge');
      last = yield* once('S6');
    }
    if (reachesOut(last) && (awake(last) || UNREACHED.test(last.said)) && !aids.has('network-stub')) {
      aids.add('network-stub');
      last = yield* once('S7');
    }
    return last;
  }
  const room = () => used < most - KEPT;

  let last = yield* next('S0');
  if (over(last)) return;

  /** Gives what it asks for, as long as it asks for more. */
  function* asked(before: Last): Step {
    let last = before;
    for (; rounds < ROUNDS && room(); rounds++) {
      const fresh = [...namedIn(last.said, inputs)].filter(
        (one) => !given.has(one.join('=')) && !Object.hasOwn(own, one[0]),
      );
      if (fresh.length === 0) break;
      const chosen = rounds === 0 ? least(fresh, last.said) : fresh;
      for (const one of chosen) given.add(one.join('='));
      env = { ...env, ...Object.fromEntries(chosen) };
      last = yield* next('S1');
      if (over(last)) break;
    }
    return last;
  }
  let rounds = 0;
  last = yield* asked(last);
  if (over(last)) return;

  for (const usage of usageArguments(last.said)) {
    if (!room() || awake(last)) break;
    given.add(String(usage));
    args = [...launch.args, ...usage];
    const tried = yield* next('S2');
    if (over(tried)) return;
    // What it does not know was meant for something else.
    if (UNKNOWN.test(tried.said) && !awake(tried)) args = launch.args;
    else last = tried;
  }

  // Arguments may wake a program that ends. One that waits until its deadline waits for something else, and every
  // further try would cost as much; one that answers, but badly, is awake.
  const before = args;
  // One that ends without a word lacks a value sooner than an argument.
  const silent = last.said.trim() === '' && Object.keys(allFakes(inputs)).length > 0;
  for (const more of silent ? [] : stdioArguments(last.said)) {
    if (!room() || awake(last)) break;
    if (given.has(String(more))) continue;
    args = [...launch.args, ...more];
    const tried = yield* next('S4');
    if (over(tried)) return;
    // Only a try that got further is worth building on: one that runs, or that asks for what was not asked for before.
    const further =
      [...namedIn(tried.said, inputs).keys()].some((name) => env[name] === undefined) ||
      (asksForCredentials(tried.said) && !UNKNOWN.test(tried.said) && !USAGE.test(tried.said));
    if (!awake(tried) && !further) args = before;
    else {
      last = yield* asked(tried);
      if (over(last)) return;
      if (further) break;
    }
  }

  const all = { ...allFakes(inputs), ...env };
  if (Object.keys(all).length > Object.keys(env).length && used < most) {
    const least = env;
    env = all;
    let tried = yield* next('S3');
    if (over(tried)) return;
    const blamed = blamedOf(tried.said, all, inputs).filter((name) => least[name] === undefined);
    if (blamed.length > 0 && !awake(tried) && used < most) {
      env = Object.fromEntries(Object.entries(all).filter(([name]) => !blamed.includes(name)));
      tried = yield* next('S3');
      if (over(tried)) return;
    }
    // Values made up for what is no credential may break more than they open.
    if (awake(last) && !awake(tried)) env = least;
    else last = tried;
  }

  if (launch.runtime !== 'node') return;
  if (reachesOut(last) && !aids.has('network-stub') && used < most) {
    aids.add('network-stub');
    last = yield* next('S7');
    if (over(last)) return;
  }
  if (used >= most || aids.has('http-bridge')) return;
  aids.add('sdk-hook');
  yield* once('S8');
}

const over = (last: Last) => HOPELESS.has(last.reason) || last.reports.proxy !== undefined;

const awake = (last: Last) => last.reason !== 'exited' || last.phase !== 'start';

/**
 * Variables whose value a complaint repeats; there, the name of one that has it stands by now. Of several with the same
 * value it is not the credentials that are meant: what is wrong with those nobody says by repeating them.
 */
function blamedOf(said: string, env: Readonly<Record<string, string>>, inputs: Launch['inputs']): readonly string[] {
  const values = new Set(Object.keys(env).flatMap((name) => (said.includes(`[${name}]`) ? [env[name]] : [])));
  const blamed = Object.keys(env).filter((name) => values.has(env[name]));
  const open = blamed.filter((name) => !inputs.some((input) => input.name === name && input.secret));
  return open.length > 0 ? open : blamed;
}

function reachesOut({ reports, said }: Last): boolean {
  return reports.egress.length > 0 || UNREACHED.test(said);
}

/** Of several names on the first round, those on the line that says that something is required: others may be options. */
function least(fresh: readonly (readonly [string, string])[], said: string): readonly (readonly [string, string])[] {
  const lines = said
    .split('\n')
    .filter((line) => /requir|must|missing|not set|please|undefined|invalid|expected|provide/i.test(line));
  const asked = fresh.filter(([name]) => lines.some((line) => line.includes(name)));
  return asked.length > 0 ? asked : fresh;
}
