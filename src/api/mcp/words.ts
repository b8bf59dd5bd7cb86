import { visibleLine } from '#core/visible.ts';
import { Markdown, md, mdCode } from '#publish/markup/markdown.ts';
import type { Prose } from '#recommend/prose.ts';

/** Characters of a stranger's name, and of a stranger's sentence, that an answer carries. */
const LONGEST = { name: 120, sentence: 300 };

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A stranger's name in a line of ours: in a code span, nothing in it hidden, cut where it is long. */
export function named(text: string): Markdown {
  return mdCode(cut(text, LONGEST.name));
}

/** A stranger's words in a line of ours, in the same way. */
export function quoted(text: string): Markdown {
  return mdCode(cut(text, LONGEST.sentence));
}

/** A stranger's name in data: as it is, but that nothing in it is hidden and that it is cut where it is long. */
export function plainName(text: string): string {
  return visibleLine(cut(text, LONGEST.name));
}

/** The same for a sentence. */
export function plainWords(text: string): string {
  return visibleLine(cut(text, LONGEST.sentence));
}

/** A sentence of ours; whatever strangers said in it stands in code spans, names for people too. */
export function sentence(text: Prose): Markdown {
  return md`${text.map((part) => (typeof part === 'string' ? new Markdown(part) : named(part.said)))}`;
}

/** `1 tool`, `2 tools`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
