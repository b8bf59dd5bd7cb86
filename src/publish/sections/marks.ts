import { visible, visibleLine } from '#core/visible.ts';
import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Evidence, Quote } from '#domain/verdict.ts';
import { type Html, html, type Part } from '../markup/html.ts';

/** A stretch of a string that evidence rests on; quotes that overlap share one. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  /** Where it stands on the page; absent until it does. */
  id?: string;
}

/** What of a definition is quoted, and where on the page the quoted words stand. One for each page: it counts them. */
export class Marks {
  readonly #fields = new Map<string, Stretch[]>();
  #placed = 0;

  constructor(quotes: Iterable<Quote>) {
    for (const { field, start, end, tool, at } of quotes) {
      if (tool !== undefined || start < 0 || end <= start) continue;
      const key = at === undefined ? field : `${field}\0`;
      const found = this.#fields.get(key);
      if (found) found.push({ start, end });
      else this.#fields.set(key, [{ start, end }]);
    }
    for (const [key, all] of this.#fields) if (all.length > 1) this.#fields.set(key, joined(all));
  }

  /** Text of many lines with what is quoted of it marked. */
  text(text: string, field: string): Part {
    return this.#marked(text, field, visible);
  }

  /** The same for a name, or, where it is a key, the last of the pointer's keys. */
  line(text: string, field: string, at?: 'key'): Part {
    return this.#marked(text, at === undefined ? field : `${field}\0`, visibleLine);
  }

  /** The address on the page of quoted words; undefined where they do not stand there. */
  idOf({ field, start, tool, at }: Quote): string | undefined {
    if (tool !== undefined) return undefined;
    const found = this.#fields.get(at === undefined ? field : `${field}\0`);
    return found?.find((one) => one.start <= start && start < one.end)?.id;
  }

  #marked(text: string, key: string, shown: (text: string) => string): Part {
    const found = this.#fields.get(key);
    if (!found) return shown(text);
    const parts: Part[] = [];
    let from = 0;
    for (const one of found) {
      const start = between(text, one.start, 0);
      const end = between(text, one.end, 1);
      if (start >= text.length || start < from) continue;
      one.id ??= `m${++this.#placed}`;
      parts.push(shown(text.slice(from, start)), html`<mark id="${one.id}">${shown(text.slice(start, end))}</mark>`);
      from = end;
    }
    parts.push(shown(text.slice(from)));
    return parts;
  }
}

/** The marks of a tool's page: everything that its verdict rests on or says beside. */
export function marksOf({ assessment }: CatalogueTool): Marks {
  if (!assessment) return new Marks([]);
  const { evidence, facets, judge } = assessment.verdict;
  const all: (readonly Evidence[])[] = [evidence, judge?.evidence ?? []];
  for (const name in facets) all.push(facets[name]!.evidence);
  return new Marks(all.flatMap((list) => list.map(({ quote }) => quote)));
}

/** Stretches in order, those that overlap or touch as one. */
function joined(stretches: Stretch[]): Stretch[] {
  stretches.sort((a, b) => a.start - b.start);
  const whole: Stretch[] = [];
  for (const one of stretches) {
    const last = whole.at(-1);
    if (!last || one.start > last.end) whole.push(one);
    else if (one.end > last.end) whole[whole.length - 1] = { start: last.start, end: one.end };
  }
  return whole;
}

/** A place in a text that is never inside a character. */
function between(text: string, at: number, towards: 0 | 1): number {
  const inside = /[\ud800-\udbff]/.test(text[at - 1] ?? '') && /[\udc00-\udfff]/.test(text[at] ?? '');
  return Math.min(text.length, inside ? at - 1 + 2 * towards : at);
}

/** A link to the quoted words where they are marked on the page, else the words alone. */
export function quoted(quote: Quote, marks: Marks, words: Part): Html {
  const id = marks.idOf(quote);
  return id === undefined ? html`<q>${words}</q>` : html`<q><a href="#${id}">${words}</a></q>`;
}
