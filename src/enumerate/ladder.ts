import type { Launch } from '#domain/launch.ts';
import type { Try } from './attempt.ts';
import { fakeValue, mayFake, namedIn } from './fakes.ts';

/** What the last attempt left behind: its end, and what it wrote. */
export interface Last {
  readonly tried: Try;
  readonly reason: string;
  readonly stderr: string;
}

/** Rounds of asking with what standard error named. */
const ROUNDS = 5;
/** Arguments with which servers are known to speak over standard streams, commonest first. */
const STDIO_ARGS: readonly (readonly string[])[] = [
  ['--stdio'],
  ['stdio'],
  ['mcp'],
  ['server', 'start'],
  ['--transport', 'stdio'],
  ['start'],
];

/**
 * The ladder of sandbox.md §2.2, one try after the other, each chosen by what the one before said:
 * S0 nothing; S1 the variables that it asks for, least first; S2 the arguments that its usage names; S3 all variables
 * that its README and source name; S4 arguments by which others speak over standard streams.
 */
export function* ladder(launch: Launch): Generator<Try, void, Last> {
  const { args, inputs } = launch;
  let last = yield { rung: 'S0', args, env: {} };
  if (['oom', 'flood', 'disk', 'sandbox'].includes(last.reason)) return;

  let env: Record<string, string> = {};
  for (let round = 0; round < ROUNDS; round++) {
    const fresh = [...namedIn(last.stderr, inputs)].filter(([name, value]) => env[name] !== value);
    if (fresh.length === 0) break;
    env = { ...env, ...Object.fromEntries(round === 0 ? least(fresh, last.stderr) : fresh) };
    last = yield { rung: 'S1', args, env };
  }

  if (/\blistening on\b|\bserver (is )?(running|started)\b.*\b(port|http)/i.test(last.stderr))
    last = yield { rung: 'S4', args: [...args, '--stdio'], env };

  const usage = argumentsIn(last.stderr);
  if (usage.length > 0) last = yield { rung: 'S2', args: [...args, ...usage], env };

  const all = {
    ...Object.fromEntries(
      inputs.filter(({ name }) => mayFake(name)).map((one) => [one.name, fakeValue(one.name, one)]),
    ),
    ...env,
  };
  if (Object.keys(all).length > Object.keys(env).length) last = yield { rung: 'S3', args, env: all };

  // Arguments may wake a program that ends. One that waits until its deadline waits for something else, and every
  // further try would cost as much; one that answers, but badly, is awake.
  if (last.reason !== 'exited') return;
  for (const more of STDIO_ARGS) last = yield { rung: 'S4', args: [...args, ...more], env };
}

/** Of several names on the first round, those on the line that says that something is required: others may be options. */
function least(fresh: readonly (readonly [string, string])[], stderr: string): readonly (readonly [string, string])[] {
  const lines = stderr
    .split('\n')
    .filter((line) => /requir|must|missing|not set|please|undefined|invalid|provide/i.test(line));
  const asked = fresh.filter(([name]) => lines.some((line) => line.includes(name)));
  return asked.length > 0 ? asked : fresh;
}

/** Arguments that a usage text or a complaint asks for, with made-up values. */
function argumentsIn(stderr: string): readonly string[] {
  const flags = [...stderr.matchAll(/(--[a-z][a-z0-9-]{2,40})(?:[ =](?:<[^>\n]{1,60}>|[A-Z][A-Z_]{2,}))/g)].map(
    ([, flag]) => flag!,
  );
  const wanted = [...new Set(flags)]
    .filter((flag) => !/port|mode|transport|log|help|version|format/.test(flag))
    .slice(0, 3);
  const given = wanted.map((flag) => `${flag}=${fakeValue(flag.slice(2))}`);
  if (given.length > 0) return given;
  if (/(database|connection|postgres\w*).{0,20}(url|string).{0,60}argument/i.test(stderr))
    return [fakeValue('DATABASE_URL')];
  const [, positional] = /usage:[^\n]*?[ ]<([\w -]{2,40})>/i.exec(stderr) ?? [];
  if (positional !== undefined) return [fakeValue(positional.replace(/[ -]/g, '_'))];
  if (/(provide|specify|pass|missing|required?).{0,40}(argument|directory|folder|path)/i.test(stderr)) return ['/tmp'];
  return [];
}
