import { visible, visibleLine } from '#core/visible.ts';
import type { Prose } from '#recommend/prose.ts';

/** Markdown in which strangers' words are escaped. */
export class Markdown {
  readonly #text: string;

  /** Takes the text as Markdown: only for what is ours or has been escaped. */
  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type MarkdownPart = Markdown | string | number | boolean | undefined | null | readonly MarkdownPart[];

/** Markdown from a template: what stands in a hole is words in a line, escaped, unless it is Markdown itself. */
export function md(strings: TemplateStringsArray, ...parts: readonly MarkdownPart[]): Markdown {
  let text = strings[0]!;
  for (let at = 0; at < parts.length; at++) text += written(parts[at]) + strings[at + 1]!;
  return new Markdown(text);
}

function written(part: MarkdownPart): string {
  if (typeof part === 'string') return escapedLine(part);
  if (part instanceof Markdown) return part.toString();
  if (typeof part === 'number') return String(part);
  if (!Array.isArray(part)) return '';
  let text = '';
  for (const one of part) text += written(one);
  return text;
}

// What begins or ends markup anywhere in a line; what only counts at its beginning is never there unless we put it there.
const MARKUP = /[\\`*_{}[\]()<>#+\-.!|~&:@^=]/g;
const MARKED = /[\\`*_[\]<>|~&@]|:\/\/|^\s*(?:[#+\-=:]|\d+[.)])/;

function escapedLine(text: string): string {
  const line = visibleLine(text);
  return MARKED.test(line) ? line.replace(MARKUP, '\\$&') : line;
}

/** A stranger's word that is code. */
export function mdCode(text: string): Markdown {
  const line = visibleLine(text);
  const fence = fenceFor(line, 1);
  const pad = fence.length > 1 || /^[ `]|[ `]$/.test(line) ? ' ' : '';
  // No empty code: two backticks alone would begin another.
  return new Markdown(line === '' ? '(empty)' : fence + pad + line + pad + fence);
}

/** A stranger's text with its line breaks, or code of ours, as a block of its own. */
export function mdBlock(text: string, language = '', longest = 12_000): Markdown {
  const shown = visible(text.slice(0, longest).replace(/[\ud800-\udbff]$/, ''));
  const fence = fenceFor(shown, 3);
  const left = text.length - longest;
  return new Markdown(
    `\n${fence}${language}\n${shown}\n${fence}\n${left > 0 ? `\n${left} more characters left out here.\n` : ''}`,
  );
}

/** A sentence of ours, with the strangers' words in it set apart. */
export function mdSentence(text: Prose): Markdown {
  return md`${text.map((part) => (typeof part === 'string' ? part : part.code ? mdCode(part.said) : part.said))}`;
}

/** A link of ours; `label` is escaped. `address` is one that `Links` made. */
export function mdLink(label: MarkdownPart, address: string): Markdown {
  return md`[${label}](${new Markdown(address.replace(/[()\\<>]/g, (char) => `%${char.charCodeAt(0).toString(16)}`))})`;
}

function fenceFor(text: string, least: number): string {
  let longest = 0;
  if (text.includes('`')) for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return '`'.repeat(longest >= least ? longest + 1 : least);
}
