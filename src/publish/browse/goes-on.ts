import { type Html, html } from '../markup/html.ts';
import { type Markdown, md, mdLink } from '../markup/markdown.ts';
import type { Here } from '../page.ts';

/** A list of which a static site has the beginning only. */
interface Part {
  /** There is more than this. */
  readonly more: boolean;
  /** What follows, as a link says it: `More servers`. */
  readonly label: string;
  /** What the beginning is: `the first, in order of address`. */
  readonly these: string;
}

/** Where a list goes on; or that it does, where the site ends it here. */
export function goesOn({ more, label, these }: Part, { next }: Here): Html | '' {
  if (next !== undefined) return html`<p><a class="button" rel="next" href="${next}">${label}</a></p>`;
  return more ? html`<p class="quiet">These are ${these}. A catalogue that is served lists all.</p>` : '';
}

/** The same as Markdown. */
export function mdGoesOn({ more, label, these }: Part, { next }: Here): Markdown | '' {
  if (next !== undefined) return md`${mdLink(label, next)}\n`;
  return more ? md`These are ${these}. A catalogue that is served lists all.\n` : '';
}
