/** A word of a text: lower-cased, with its place in UTF-16 units. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Part of a text that says one thing, with its words. */
export interface Sentence {
  readonly start: number;
  readonly end: number;
  readonly words: readonly Word[];
}

const IN_NAME = /\d[dD](?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\x00-\x7f]+/g;
const IN_PROSE = /\d[dD]\b|[A-Za-z]+|\d+/g;
/** Nothing that a person writes as one name is longer; the rest of it is not read. */
const LONGEST_NAME = 200;

/** A text in lower case where that keeps its length, so that places fit both; else as it is. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

function collect(pattern: RegExp, text: string, from: number, to: number): Word[] {
  const words: Word[] = [];
  for (const match of text.slice(from, to).matchAll(pattern)) {
    const start = from + match.index;
    words.push({ text: match[0].toLowerCase(), start, end: start + match[0].length });
  }
  return words;
}

/** The words of a name in any style: snake, camel, Pascal, kebab, dotted, slashed, spaced. */
export function nameWords(name: string): readonly Word[] {
  return collect(IN_NAME, name, 0, LONGEST_NAME);
}

/** The words of running text between two places. */
function proseWords(text: string, from = 0, to = text.length): readonly Word[] {
  return collect(IN_PROSE, text, from, to);
}

/** Ends a sentence: a full stop before a space, a full-width stop, or a line break before anything but a small letter. */
const ENDS = /[.!?](?=\s|$)|[。！？；]|\n(?=\s*(?:\n|[^a-z\s]))|\s\|\s/g;
/** A full stop after these does not end a sentence. */
const ABBREVIATED = /(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|resp|no)|\b[A-Z])$/i;

/** The first sentences of a text that have any words, in order, reading at most `reach` characters. */
export function sentencesOf(text: string, most: number, reach: number): readonly Sentence[] {
  const read = text.slice(0, reach);
  const sentences: Sentence[] = [];
  let start = 0;
  const close = (end: number): void => {
    if (read.slice(start, end).trim() !== '') sentences.push({ start, end, words: proseWords(read, start, end) });
  };
  for (const match of read.matchAll(ENDS)) {
    if (match[0] === '.' && ABBREVIATED.test(read.slice(Math.max(start, match.index - 8), match.index))) continue;
    close(match.index);
    start = match.index + match[0].length;
    if (sentences.length >= most) return sentences;
  }
  close(read.length);
  return sentences;
}
