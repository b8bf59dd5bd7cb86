import { WrongUse } from '#core/errors.ts';
import { PROFILES } from '#domain/policy.ts';
import type { Option } from './job.ts';

/** A whole number of at least `least`. */
export function wholeNumber(name: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new WrongUse(`${name} takes a whole number of ${least} or more, not '${text}'.`);
    return value;
  };
}

/** One of a closed list of words. */
export function oneOf<T extends string>(name: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new WrongUse(`${name} takes one of ${words.join(', ')}, not '${text}'.`);
    return word;
  };
}

export const limit = (fallback: number, about: string): Option => ({
  flags: '--limit <n>',
  about,
  default: fallback,
  parse: wholeNumber('--limit', 0),
});

export const sandbox: Option = {
  flags: '--sandbox <name>',
  about:
    'launch in this sandbox only: container, bubblewrap, deno, or none for static extraction (default: PLIMSOLL_SANDBOX)',
};

export const profile: Option = {
  flags: '--profile <profile>',
  about: 'how strict policies are',
  default: 'recommended',
  parse: oneOf('--profile', PROFILES),
};

export const noLlm: Option = { flags: '--no-llm', about: 'rules only: ask no language model' };
