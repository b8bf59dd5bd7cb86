import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { BadSetting, SETTINGS } from '#config.ts';
import { Missing, WrongUse } from '#core/errors.ts';
import { pluginIds, plugins } from '#core/plugins.ts';
import { withoutSecrets } from '#core/secrets.ts';
import { asStarted } from '#core/started.ts';
import { visible } from '#core/visible.ts';
import type { Job } from '#job/job.ts';
import { type Surroundings, surroundings } from '#world.ts';
import manifest from '../package.json' with { type: 'json' };

/** 0 done, 1 failed, 2 wrong use, 3 something needed is missing; 130 and 143 after SIGINT and SIGTERM. */
const FAILED = 1;
const WRONG_USE = 2;
const MISSING = 3;

const stopped = new AbortController();
let signalled = 0;
/** A job that stays until it is told to go has ended as it should. */
let stayed = false;
for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const])
  process.on(signal, () => {
    // The second one means it.
    if (signalled) process.exit(code);
    signalled = code;
    process.stderr.write('\nStopping: finishing or giving back what is taken up. Again to stop at once.\n');
    stopped.abort(new Error(`stopped by ${signal}`));
  });
// A reader that closed the pipe early (`| head`) wants no more; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : FAILED));

function settingsHelp(): string {
  const rows = Object.values(SETTINGS).map(({ env, shown, about }) => `  ${env.padEnd(26)} ${about} [${shown}]`);
  return `\nSettings, from the environment:\n${rows.join('\n')}\n`;
}

const dashes = process.argv.indexOf('--');
const afterDashes = dashes < 0 ? [] : process.argv.slice(dashes + 1);

function command(job: Job): Command {
  const made = new Command(job.id)
    .description(job.about)
    .option('--json', 'print the result as JSON')
    .showHelpAfterError(`(plimsoll ${job.id} --help tells what it takes)`)
    .addHelpText(
      'after',
      job.examples ? `\nExamples:\n${job.examples.map((line) => `  ${asStarted(line)}`).join('\n')}` : '',
    )
    .addHelpText('after', '\nSettings come from the environment; plimsoll --help lists them.');
  for (const { name, about } of job.args ?? []) made.argument(name, about);
  for (const { flags, about, default: fallback, parse } of job.options ?? []) {
    if (parse) made.option(flags, about, parse, fallback);
    else made.option(flags, about, fallback as string);
  }
  return made.action(async () => {
    const options = made.opts();
    process.exitCode =
      (await job.run({
        ...surroundingsOrDie(),
        args: made.args,
        command: afterDashes,
        options,
        json: options.json === true,
        out: (text) => process.stdout.write(text),
        say: (text) => process.stderr.write(`${text}\n`),
      })) ?? 0;
    stayed = job.stays === true;
  });
}

function surroundingsOrDie(): Surroundings {
  return surroundings(process.env, stopped.signal);
}

function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
  if (error instanceof WrongUse || error instanceof BadSetting) return WRONG_USE;
  return error instanceof Missing ? MISSING : FAILED;
}

const program = new Command('plimsoll')
  .description('The open risk catalogue for MCP tools: what a tool may carry before an agent boards it.')
  .version(manifest.version)
  .addHelpText('after', settingsHelp())
  .showHelpAfterError('(plimsoll --help lists the commands)');
// The named job alone is loaded; all of them only for help and for a name that is none.
const jobs = join(import.meta.dirname, '../jobs');
const [named] = process.argv.slice(2);
const only = pluginIds(jobs).find((id) => id === named);
for (const job of await plugins<Job>(jobs, only)) program.addCommand(command(job));
for (const one of [program, ...program.commands]) one.exitOverride();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
  // Commander has already said its own.
  if (!(error instanceof CommanderError) && !signalled)
    process.stderr.write(`${visible(withoutSecrets(explained(error)))}\n`);
}
if (signalled && !stayed) process.exitCode = signalled;

function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const expected = [WrongUse, BadSetting, Missing].some((kind) => error instanceof kind);
  return expected
    ? asStarted(error.message)
    : `${error.message}\nThis is a bug in Plimsoll or its surroundings. ${error.stack ?? ''}`;
}
