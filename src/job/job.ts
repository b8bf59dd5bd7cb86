import type { Surroundings } from '#world.ts';

/** What a job was called with and how it speaks. */
export interface Call extends Surroundings {
  /** Positional arguments in order; those after `--` included. */
  readonly args: readonly string[];
  /** Those after `--` alone. */
  readonly command: readonly string[];
  /** Options by their camelCase names, as commander read them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly json: boolean;
  /** Writes to standard output: the job's result, nothing else. */
  out(text: string): void;
  /** Writes a line for a person to standard error. */
  say(text: string): void;
}

export interface Option {
  /** As commander takes it: `--limit <n>`. */
  readonly flags: string;
  readonly about: string;
  readonly default?: string | number | boolean;
  /** Turns the text into a value; throws `WrongUse` with what is allowed. */
  parse?(text: string): unknown;
}

/** One command: a file in jobs/, thin. Returns its exit code when that is not 0. */
export interface Job {
  readonly id: string;
  readonly about: string;
  /** It goes on until it is told to stop: a signal is its end and no failure. */
  readonly stays?: true;
  /** Positional arguments as commander takes them: `<server>`, `[file]`, `[command...]`. */
  readonly args?: readonly { readonly name: string; readonly about: string }[];
  readonly options?: readonly Option[];
  /** Examples for the help, one a line. */
  readonly examples?: readonly string[];
  run(call: Call): Promise<number | undefined>;
}
