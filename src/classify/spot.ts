import type { Quote } from '#domain/verdict.ts';
import { quote, quoteKey } from './quote.ts';
import type { Subject } from './subject.ts';

/** The first place in the name where a pattern stands among its words (joined by single spaces), quoted. */
export function inName({ tool, words }: Subject, pattern: RegExp): Quote | undefined {
  const match = pattern.exec(words.map(({ text }) => text).join(' '));
  if (!match) return undefined;
  let at = 0;
  let first: number | undefined;
  let last = 0;
  for (const word of words) {
    const end = at + word.text.length;
    if (end > match.index && at < match.index + match[0].length) {
      first ??= word.start;
      last = word.end;
    }
    at = end + 1;
  }
  return first === undefined ? undefined : quote('/name', tool.name, first, last);
}

/** The first place in the description, read in lower case, where a pattern stands, quoted. */
export function inDescription({ description, lower }: Subject, pattern: RegExp): Quote | undefined {
  const match = pattern.exec(lower);
  return match && match[0] !== ''
    ? quote('/description', description, match.index, match.index + match[0].length)
    : undefined;
}

/** The first of the tool's own parameters whose words, joined by single spaces, fit a pattern, quoted by its key. */
export function inParameters({ parameters }: Subject, pattern: RegExp, deepest = 0): Quote | undefined {
  for (const { name, field, words, depth } of parameters)
    if (depth <= deepest && pattern.test(words.map(({ text }) => text).join(' '))) return quoteKey(field, name);
  return undefined;
}
