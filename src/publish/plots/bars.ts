import { scaleLinear } from 'd3-scale';
import { type Html, html } from '../markup/html.ts';
import { drawn } from './frame.ts';

export interface BarRow {
  readonly label: string;
  /** Parts of the bar from its start, each with the class that colours it. */
  readonly parts: readonly { readonly name: string; readonly value: number; readonly tone: string }[];
}

const ROW = 42;
const BAR = 13;
const WIDTH = 360;

/** Lying bars, each with its label above it and its sum behind it. Readable at the width of a phone. */
export function bars(id: string, title: string, about: string, rows: readonly BarRow[]): Html {
  const scale = scaleLinear([0, Math.max(1, ...rows.map(({ parts }) => sum(parts)))], [0, WIDTH]);
  return html`<svg class="plot-bars" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${WIDTH} ${rows.length * ROW + 2}">${drawn(id, title, about)}${rows.map(
    ({ label, parts }, at) => {
      const [line, top] = [at * ROW + 15, at * ROW + 21];
      return html`<text x="0" y="${line}">${label}</text><text class="value" x="${WIDTH}" y="${line}">${sum(parts).toLocaleString('en')}</text><rect class="ground" x="0" y="${top}" width="${WIDTH}" height="${BAR}" rx="2"/>${parts.map(
        ({ value, tone }, place) => {
          const start = scale(sum(parts.slice(0, place)));
          const width = scale(value);
          // What is there at all is seen.
          return value === 0
            ? ''
            : html`<rect class="${tone}" x="${start.toFixed(1)}" y="${top}" width="${Math.max(1.5, width).toFixed(1)}" height="${BAR}"/>`;
        },
      )}`;
    },
  )}</svg>${legend(rows)}`;
}

function sum(parts: BarRow['parts']): number {
  return parts.reduce((all, { value }) => all + value, 0);
}

/** What the colours mean, where bars have several. */
function legend(rows: readonly BarRow[]): Html | '' {
  const parts = new Map(rows.flatMap((row) => row.parts.map(({ name, tone }) => [name, tone] as const)));
  if (rows.every((row) => row.parts.length < 2)) return '';
  return html`<ul class="legend" aria-hidden="true">${[...parts].map(([name, tone]) => html`<li><svg viewBox="0 0 10 10" width="10" height="10"><rect class="${tone}" width="10" height="10" rx="2"/></svg>${name}</li>`)}</ul>`;
}
