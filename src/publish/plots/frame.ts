import { type Html, html } from '../markup/html.ts';

export interface Plot {
  /** Unique on its page; part of the ids of its title and description. */
  readonly id: string;
  readonly title: string;
  /** What the drawing shows, in a sentence: for those who do not see it. */
  readonly about: string;
  readonly drawing: Html;
  /** The same as a table: head, and a row for each thing drawn. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number | Html)[])[];
}

/** A drawing with its title, and the figures it was made of beside it. */
export function plotFrame({ id, title, about, drawing, head, rows }: Plot): Html {
  return html`<figure class="plot" id="${id}"><figcaption><h2>${title}</h2><p>${about}</p></figcaption>
<div class="plot-body">${drawing}
<div class="table" tabindex="0" role="region" aria-label="${title}, as a table"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr>${row.map((cell, at) => (at === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${typeof cell === 'number' ? cell.toLocaleString('en') : cell}</td>`))}</tr>`,
  )}</tbody></table></div></div></figure>`;
}

/** The beginning of a drawing that tells itself to those who do not see it. */
export function drawn(id: string, title: string, about: string): Html {
  return html`<title id="${id}-t">${title}</title><desc id="${id}-d">${about}</desc>`;
}
